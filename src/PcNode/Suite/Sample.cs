using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace PcNode.Suite;

/// <summary>Statistics of repeated runs, by Student's distribution.</summary>
internal static class Sample
{
    /// <summary>Half the width of the 95 % interval of the mean; NaN for fewer than two numbers.</summary>
    public static double HalfWidth(IReadOnlyList<double> numbers) => numbers.Count < 2
        ? double.NaN
        : StudentT.InvCDF(0, 1, numbers.Count - 1, 0.975) * numbers.StandardDeviation() / Math.Sqrt(numbers.Count);

    /// <summary>The two-sided p of the paired t test that differences have the mean 0; NaN
    /// for fewer than two.</summary>
    public static double PairedP(IReadOnlyList<double> differences)
    {
        if (differences.Count < 2) return double.NaN;
        var (mean, deviation) = (differences.Mean(), differences.StandardDeviation());
        if (deviation == 0) return mean == 0 ? 1 : 0;
        var t = Math.Abs(mean) / (deviation / Math.Sqrt(differences.Count));
        return 2 * StudentT.CDF(0, 1, differences.Count - 1, -t);
    }

    /// <summary>The cosine of the angle between two directions.</summary>
    public static double Cosine(double[] a, double[] b) => 1 - Distance.Cosine(a, b);
}
