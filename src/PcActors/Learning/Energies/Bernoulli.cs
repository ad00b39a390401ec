using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Energies;

/// <summary>Cross-entropy of probabilities x in [0, 1] with logits mu: E = ln(1 + e^mu) - x mu, summed over units.
/// dE/dmu = sigmoid(mu) - x, dE/dx = -mu.</summary>
/// <remarks>E is linear in x: a value that is not clamped has no least energy but at the ends of its range.</remarks>
internal sealed class Bernoulli(Values values) : Energy(values)
{
    public static Description<Energy> Description { get; } = new(
        "bernoulli", "cross-entropy of probabilities with logits", values => new Bernoulli(values));

    public override bool DependsOnDistance => false;

    public override void Initialise<T>(EnergyTerms<T> terms) => Transcendental.Sigmoid(terms.Prediction, terms.Value);

    public override void Evaluate<T>(EnergyTerms<T> terms)
    {
        var mu = terms.Prediction;
        var error = terms.Error;
        // ln(1 + e^mu) = max(mu, 0) + ln(1 + e^-|mu|): no exponential overflows.
        for (var sample = 0; sample < terms.Energies.Length; sample++)
        {
            var logits = terms.Sample(mu, sample);
            var x = terms.Sample(terms.Value, sample);
            var scratch = terms.Sample(error, sample);
            TensorPrimitives.Abs(logits, scratch);
            TensorPrimitives.Negate(scratch, scratch);
            Transcendental.Exp<T>(scratch, scratch);
            TensorPrimitives.Add(scratch, T.One, scratch);
            Transcendental.Log<T>(scratch, scratch);
            var sum = 0.0;
            for (var i = 0; i < scratch.Length; i++)
                sum += double.CreateTruncating(T.Max(logits[i], T.Zero) + scratch[i] - (x[i] * logits[i]));
            terms.Energies[sample] = sum;
        }
        Transcendental.Sigmoid(mu, error);
        TensorPrimitives.Subtract(error, terms.Value, error);
        TensorPrimitives.Negate(mu, terms.ValueGradient);
    }
}
