using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels;

namespace PcActors.Learning.Energies;

/// <summary>E = |mu - x| / b + ln 2b, summed over units. dE/dmu = sign(mu - x) / b, and 0
/// where they are equal.</summary>
internal sealed class Laplace : Energy
{
    private readonly double _scale;

    private Laplace(Values values)
        : base(values) => _scale = values.Number("scale");

    public static Description<Energy> Description { get; } = new(
        "laplace", "the absolute distance, over a scale", values => new Laplace(values),
        Hyperparameter.Number("scale", 1, NumberRange.Positive, "b, the mean absolute distance"));

    public override void Evaluate<T>(EnergyTerms<T> terms)
    {
        Span<double> log = [2 * _scale];
        Transcendental.Log<double>(log, log);
        var constant = log[0] * terms.SampleLength;
        var slope = T.CreateChecked(1 / _scale);
        for (var sample = 0; sample < terms.Energies.Length; sample++)
        {
            var sum = 0.0;
            foreach (ref var error in terms.Sample(terms.Error, sample))
            {
                sum += Math.Abs(double.CreateTruncating(error));
                error = error > T.Zero ? slope : error < T.Zero ? -slope : error * T.Zero;
            }
            terms.Energies[sample] = (sum / _scale) + constant;
        }
    }
}
