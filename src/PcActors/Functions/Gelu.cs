using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Gelu: x times the normal distribution's cumulative probability P(x) = erfc(-x / sqrt 2) / 2.</summary>
/// <remarks>Attribute: approximate ("none"); with "tanh", P(x) is (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715
/// x^3) instead, which is the logistic function of 2u: so it keeps its relative precision where it is close to 0. The
/// pull-back is (P(x) + x P'(x)) error.</remarks>
internal sealed class Gelu<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PartLength = 512;
    private const double TwiceRootTwoOverPi = 1.5957691216057308;
    private const double Cubic = 0.044715;

    private static readonly T Bound = T.CreateChecked(100);

    private readonly bool _isApproximate = settings.Text("approximate") == "tanh";

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        if (!_isApproximate)
        {
            NormalKernels.Gelu(x, mu);
            return;
        }
        for (var start = 0; start < x.Length; start += PartLength)
        {
            var part = x.Slice(start, Math.Min(PartLength, x.Length - start));
            var result = mu.Slice(start, part.Length);
            Argument(part, result);
            Transcendental.Sigmoid<T>(result, result);
            TensorPrimitives.Multiply(result, part, result);
        }
    }

    [SkipLocalsInit]
    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (!_isApproximate)
        {
            NormalKernels.GeluSlope(x, result);
            TensorPrimitives.Multiply(result, error, result);
            return;
        }
        Span<T> scratch = stackalloc T[PartLength];
        Span<T> probability = stackalloc T[PartLength];
        for (var start = 0; start < x.Length; start += PartLength)
        {
            var part = x.Slice(start, Math.Min(PartLength, x.Length - start));
            PullBack(part, error.Slice(start, part.Length), probability[..part.Length], scratch[..part.Length],
                result.Slice(start, part.Length));
        }
    }

    /// <summary>P + x P (1 - P) 2u', times the error.</summary>
    private static void PullBack(
        ReadOnlySpan<T> x, ReadOnlySpan<T> error, Span<T> probability, Span<T> scratch, Span<T> result)
    {
        Argument(x, probability);
        Transcendental.Sigmoid<T>(probability, probability);
        TensorPrimitives.Negate(probability, scratch);
        TensorPrimitives.FusedMultiplyAdd(scratch, probability, probability, scratch);
        // Beyond it P (1 - P) is 0, whatever it is multiplied by: a square may not overflow.
        TensorPrimitives.Clamp(x, -Bound, Bound, result);
        TensorPrimitives.Multiply(scratch, result, scratch);
        TensorPrimitives.Multiply(result, result, result);
        TensorPrimitives.Multiply(result, T.CreateChecked(3 * Cubic * TwiceRootTwoOverPi), result);
        TensorPrimitives.Add(result, T.CreateChecked(TwiceRootTwoOverPi), result);
        TensorPrimitives.FusedMultiplyAdd(scratch, result, probability, result);
        TensorPrimitives.Multiply(result, error, result);
    }

    /// <summary>2u.</summary>
    private static void Argument(ReadOnlySpan<T> x, Span<T> result)
    {
        TensorPrimitives.Multiply(x, x, result);
        TensorPrimitives.Multiply(result, T.CreateChecked(Cubic * TwiceRootTwoOverPi), result);
        TensorPrimitives.Add(result, T.CreateChecked(TwiceRootTwoOverPi), result);
        TensorPrimitives.Multiply(result, x, result);
    }
}
