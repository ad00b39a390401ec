using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>What a latent vertex with a precision of its own reads.</summary>
internal static class GaussianOperators
{
    public static Operator[] All => [new("GaussianPrecision", typeof(GaussianPrecision<>))
    {
        Inputs = ["mu", "log_precision"],
    }];
}

/// <summary>The first input as it is, of a vertex whose value is Gaussian about it with the
/// precision Pi, whose logarithm is the second input: one for each unit, of the shape of a sample's last
/// axes, or one for all.</summary>
/// <remarks>The error of such a vertex is eps = Pi (mu - x), from its energy E = 1/2 Pi |mu - x|^2 - 1/2 ln Pi. What is
/// pulled back to ln Pi is dE/dln Pi = 1/2 (eps^2 / Pi - 1), summed over samples: at its root Pi is the inverse
/// variance. That is no linear function of the error, so the operator has a meaning at latent vertices only.</remarks>
internal sealed class GaussianPrecision<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (mu, precision) = (inputs[0], inputs[1]);
        for (var axis = 1; axis <= precision.Rank && precision.Length > 1; axis++)
        {
            if (axis >= mu.Rank || precision[-axis] != mu[-axis])
                throw Misfit(
                    $"log_precision is {precision}; it must be one number, or the last axes of a sample of {mu}");
        }
        return mu;
    }

    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) => input == 0;

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        inputs[0].Span.CopyTo(prediction.Writable);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input == 0)
        {
            error.Span.CopyTo(result.Writable);
            return;
        }
        var log = inputs[1];
        var precision = new T[log.Length];
        Transcendental.Exp(log.Span, precision);
        var sums = result.Writable;
        var half = T.One / T.CreateChecked(2);
        sums.Clear();
        for (var i = 0; i < error.Length; i++)
        {
            var unit = i % precision.Length;
            var eps = error.Span[i];
            sums[unit] += half * ((eps * eps / precision[unit]) - T.One);
        }
    }
}
