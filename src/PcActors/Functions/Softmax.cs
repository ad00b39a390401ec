using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Softmax and its logarithm.</summary>
internal static class SoftmaxOperators
{
    public static Operator[] All =>
    [
        new("LogSoftmax", typeof(LogSoftmax<>)) { Attributes = [Axis("axis", -1)] },
        new("Softmax", typeof(Softmax<>)) { Attributes = [Axis("axis", -1)] },
    ];
}

/// <summary>ONNX Softmax: e^x over its sum along an axis. The pull-back is mu (error - sum(mu error)).</summary>
/// <remarks>The slice's maximum is subtracted first, so no exponential overflows.</remarks>
internal sealed class Softmax<T>(OperatorSettings settings) : AlongAxis<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        4L * prediction.Length;

    /// <summary>mu of a slice; both may be the same elements.</summary>
    public static void Normalise(ReadOnlySpan<T> x, Span<T> mu)
    {
        TensorPrimitives.Subtract(x, Reductions.Max(x), mu);
        Transcendental.Exp<T>(mu, mu);
        TensorPrimitives.Divide(mu, Reductions.Sum<T>(mu), mu);
    }

    /// <summary>The pull-back of a slice.</summary>
    public static void PullBackRow(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Multiply(mu, error, result);
        TensorPrimitives.Subtract(error, Reductions.Sum<T>(result), result);
        TensorPrimitives.Multiply(mu, result, result);
    }

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu) => Normalise(x, mu);

    [SkipLocalsInit]
    protected override void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu)
    {
        var max = (stackalloc T[BlockWidth])[..block.Width];
        var sum = (stackalloc T[BlockWidth])[..block.Width];
        block.Row(x, 0).CopyTo(max);
        for (var i = 1; i < block.Extent; i++) TensorPrimitives.Max(max, block.Row(x, i), max);
        sum.Clear();
        for (var i = 0; i < block.Extent; i++)
        {
            var row = block.Row(mu, i);
            TensorPrimitives.Subtract(block.Row(x, i), max, row);
            Transcendental.Exp<T>(row, row);
            TensorPrimitives.Add(sum, row, sum);
        }
        for (var i = 0; i < block.Extent; i++) TensorPrimitives.Divide(block.Row(mu, i), sum, block.Row(mu, i));
    }

    protected override void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        PullBackRow(mu, error, result);

    [SkipLocalsInit]
    protected override void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        var dot = (stackalloc T[BlockWidth])[..block.Width];
        dot.Clear();
        for (var i = 0; i < block.Extent; i++)
            TensorPrimitives.FusedMultiplyAdd(block.Row(mu, i), block.Row(error, i), dot, dot);
        for (var i = 0; i < block.Extent; i++)
        {
            var row = block.Row(result, i);
            TensorPrimitives.Subtract(block.Row(error, i), dot, row);
            TensorPrimitives.Multiply(block.Row(mu, i), row, row);
        }
    }
}

/// <summary>ONNX LogSoftmax: x - log(sum(e^x)) along an axis. The pull-back is error - e^mu sum(error).</summary>
/// <remarks>The slice's maximum is subtracted first, so no exponential overflows.</remarks>
internal sealed class LogSoftmax<T>(OperatorSettings settings) : AlongAxis<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Exponentials are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    [SkipLocalsInit]
    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        Span<T> terms = stackalloc T[Terms];
        TensorPrimitives.Subtract(x, Reductions.Max(x), mu);
        var sum = T.Zero;
        for (var start = 0; start < mu.Length; start += Terms)
        {
            var count = Math.Min(Terms, mu.Length - start);
            Transcendental.Exp<T>(mu.Slice(start, count), terms[..count]);
            sum += Reductions.Sum<T>(terms[..count]);
        }
        Transcendental.Log(new ReadOnlySpan<T>(ref sum), terms[..1]);
        TensorPrimitives.Subtract(mu, terms[0], mu);
    }

    [SkipLocalsInit]
    protected override void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu)
    {
        var max = (stackalloc T[BlockWidth])[..block.Width];
        var term = (stackalloc T[BlockWidth])[..block.Width];
        var sum = (stackalloc T[BlockWidth])[..block.Width];
        block.Row(x, 0).CopyTo(max);
        for (var i = 1; i < block.Extent; i++) TensorPrimitives.Max(max, block.Row(x, i), max);
        sum.Clear();
        for (var i = 0; i < block.Extent; i++)
        {
            TensorPrimitives.Subtract(block.Row(x, i), max, block.Row(mu, i));
            Transcendental.Exp<T>(block.Row(mu, i), term);
            TensorPrimitives.Add(sum, term, sum);
        }
        Transcendental.Log<T>(sum, sum);
        for (var i = 0; i < block.Extent; i++) TensorPrimitives.Subtract(block.Row(mu, i), sum, block.Row(mu, i));
    }

    protected override void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        Transcendental.Exp(mu, result);
        TensorPrimitives.FusedMultiplyAdd(result, -Reductions.Sum(error), error, result);
    }

    [SkipLocalsInit]
    protected override void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        var sum = (stackalloc T[BlockWidth])[..block.Width];
        sum.Clear();
        for (var i = 0; i < block.Extent; i++) TensorPrimitives.Subtract(sum, block.Row(error, i), sum);
        for (var i = 0; i < block.Extent; i++)
        {
            var row = block.Row(result, i);
            Transcendental.Exp(block.Row(mu, i), row);
            TensorPrimitives.FusedMultiplyAdd(row, sum, block.Row(error, i), row);
        }
    }
}
