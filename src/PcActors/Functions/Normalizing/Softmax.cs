using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Softmax: e^x over its sum along an axis. The pull-back is mu (error - sum(mu error)).</summary>
/// <remarks>The slice's maximum is subtracted first, so no exponential overflows.</remarks>
public sealed class Softmax<T> : AlongAxis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A softmax along the attribute's axis.</summary>
    public Softmax(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "Softmax";

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 4L * prediction.Length;

    private protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        TensorPrimitives.Subtract(x, Reductions.Max(x), mu);
        Transcendental.Exp<T>(mu, mu);
        TensorPrimitives.Divide(mu, Reductions.Sum<T>(mu), mu);
    }

    [SkipLocalsInit]
    private protected override void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu)
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

    private protected override void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        TensorPrimitives.Multiply(mu, error, result);
        TensorPrimitives.Subtract(error, Reductions.Sum<T>(result), result);
        TensorPrimitives.Multiply(mu, result, result);
    }

    [SkipLocalsInit]
    private protected override void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
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
