using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX LogSoftmax: x - log(sum(e^x)) along an axis. The pull-back is error - e^mu sum(error).</summary>
/// <remarks>The slice's maximum is subtracted first, so no exponential overflows.</remarks>
public sealed class LogSoftmax<T> : AlongAxis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Exponentials are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    /// <summary>A log-softmax along the attribute's axis.</summary>
    public LogSoftmax(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "LogSoftmax";

    [SkipLocalsInit]
    private protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
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
    private protected override void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu)
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

    private protected override void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        Transcendental.Exp(mu, result);
        TensorPrimitives.FusedMultiplyAdd(result, -Reductions.Sum(error), error, result);
    }

    [SkipLocalsInit]
    private protected override void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
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
