using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Energies;

/// <summary>E = 1/2 Pi |mu - x|^2 - 1/2 ln Pi, summed over units. dE/dmu = Pi (mu - x). Pi is a number, or what a
/// <c>GaussianPrecision</c> vertex reads: one for each unit, fixed or learnt.</summary>
internal sealed class Gaussian : Energy
{
    private readonly double _precision;

    private Gaussian(Values values)
        : base(values) => _precision = values.Number("precision");

    public static Description<Energy> Description { get; } = new(
        "gaussian", "half the squared distance, times a precision", values => new Gaussian(values),
        Hyperparameter.Number("precision", 1, NumberRange.Positive, "Pi, the inverse variance"));

    internal override double Precision => _precision;

    public override void Evaluate<T>(EnergyTerms<T> terms)
    {
        if (!terms.LogPrecision.IsEmpty)
        {
            Weigh(terms);
            return;
        }
        Span<double> log = [_precision];
        Transcendental.Log<double>(log, log);
        var constant = log[0] * terms.SampleLength;
        for (var sample = 0; sample < terms.Energies.Length; sample++)
        {
            var square = double.CreateTruncating(Reductions.SumSquares<T>(terms.Sample(terms.Error, sample)));
            terms.Energies[sample] = ((_precision * square) - constant) / 2;
        }
        if (_precision != 1) TensorPrimitives.Multiply(terms.Error, T.CreateChecked(_precision), terms.Error);
    }

    /// <summary>With a precision for each unit, or one for all, that is given by its logarithm.</summary>
    private static void Weigh<T>(EnergyTerms<T> terms)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var precision = new T[terms.LogPrecision.Length];
        Transcendental.Exp(terms.LogPrecision, precision);
        var copies = terms.SampleLength / precision.Length;
        var constant = 0.0;
        foreach (var log in terms.LogPrecision) constant += double.CreateTruncating(log) * copies;
        for (var sample = 0; sample < terms.Energies.Length; sample++)
        {
            var row = terms.Sample(terms.Error, sample);
            var sum = 0.0;
            for (var start = 0; start < row.Length; start += precision.Length)
            {
                var units = row.Slice(start, precision.Length);
                for (var i = 0; i < units.Length; i++)
                {
                    var distance = double.CreateTruncating(units[i]);
                    units[i] *= precision[i];
                    sum += distance * double.CreateTruncating(units[i]);
                }
            }
            terms.Energies[sample] = (sum - constant) / 2;
        }
    }
}
