using PcActors.Learning.Descriptions;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Energies;

/// <summary>Cross-entropy of distributions x over the classes of the last axis with logits mu: E = ln sum e^mu - x mu.
/// dE/dmu = softmax(mu) - x, dE/dx = -mu.</summary>
/// <remarks>x sums to 1 along the last axis. E is linear in it: see <see cref="Bernoulli"/>.</remarks>
internal sealed class Categorical(Values values) : Energy(values)
{
    public static Description<Energy> Description { get; } = new(
        "categorical", "cross-entropy of distributions over the last axis with logits",
        values => new Categorical(values));

    public override bool DependsOnDistance => false;

    public override void Initialise<T>(EnergyTerms<T> terms)
    {
        for (var start = 0; start < terms.Value.Length; start += terms.LastExtent)
            Softmax(terms.Prediction.Slice(start, terms.LastExtent), terms.Value.Slice(start, terms.LastExtent));
    }

    public override void Evaluate<T>(EnergyTerms<T> terms)
    {
        terms.Energies.Clear();
        Span<T> log = stackalloc T[1];
        for (var start = 0; start < terms.Error.Length; start += terms.LastExtent)
        {
            var logits = terms.Prediction.Slice(start, terms.LastExtent);
            var x = terms.Value.Slice(start, terms.LastExtent);
            var error = terms.Error.Slice(start, terms.LastExtent);
            // Relative to the largest logit, of which each class's share is taken: sum x (max - mu) does not cancel.
            var max = Reductions.Max(logits);
            var cost = 0.0;
            for (var i = 0; i < x.Length; i++) cost += double.CreateTruncating(x[i] * (max - logits[i]));
            log[0] = Softmax(logits, error);
            Transcendental.Log<T>(log, log);
            terms.Energies[start / terms.SampleLength] += cost + double.CreateTruncating(log[0])
                + double.CreateTruncating(max * (T.One - Reductions.Sum<T>(x)));
            TensorPrimitives.Subtract(error, x, error);
        }
        TensorPrimitives.Negate(terms.Prediction, terms.ValueGradient);
    }

    /// <summary>Softmax, and the sum of the exponentials relative to the largest.</summary>
    private static T Softmax<T>(ReadOnlySpan<T> logits, Span<T> result)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(logits, Reductions.Max(logits), result);
        Transcendental.Exp<T>(result, result);
        var sum = Reductions.Sum<T>(result);
        TensorPrimitives.Divide(result, sum, result);
        return sum;
    }
}
