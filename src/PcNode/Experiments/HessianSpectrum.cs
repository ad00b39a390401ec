using MathNet.Numerics.LinearAlgebra;
using PcActors.Runs;

namespace PcNode.Experiments;

/// <summary>The eigenvalues of the free energy's Hessian in the values, and what they say of how inference
/// settles.</summary>
/// <param name="Smallest">The smallest eigenvalue; where it is negative, F is not convex there.</param>
/// <param name="Largest">The largest eigenvalue.</param>
/// <param name="LeastMagnitude">The least of their magnitudes.</param>
internal sealed record HessianSpectrum(double Smallest, double Largest, double LeastMagnitude)
{
    /// <summary>The condition number: the largest magnitude over the least; null where that is 0.</summary>
    public double? ConditionNumber =>
        LeastMagnitude > 0 ? Math.Max(Math.Abs(Smallest), Math.Abs(Largest)) / LeastMagnitude : null;

    /// <summary>2 / lambda_max, the rate of gradient descent beyond which values move ever further; null where no
    /// direction curves upwards.</summary>
    public double? StableRate => Largest > 0 ? 2 / Largest : null;

    /// <summary>The spectrum of a Hessian.</summary>
    public static HessianSpectrum Of(ValueHessian hessian)
    {
        var values = Matrix<double>.Build.DenseOfArray(hessian.Elements).Evd(Symmetricity.Symmetric).EigenValues
            .Select(v => v.Real).ToList();
        return new HessianSpectrum(values.Min(), values.Max(), values.Min(Math.Abs));
    }
}
