using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>A map's reduction over axes. The sum of no terms is 0.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
internal sealed class MappedReduction<T, TMap>(Attributes attributes) : Reduction<T>(attributes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMap : struct, IReductionMap
{
    // Terms are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    /// <inheritdoc/>
    public override string OperatorType => TMap.OperatorType;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        mu.Clear();
        Span<T> terms = stackalloc T[Terms];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)];
        var loop = x.Length == 0 ? default : Loop(x.Shape, scratch);
        for (var more = x.Length > 0; more; more = loop.Next())
        {
            var run = x.Span.Slice(loop.Position, loop.Run);
            var stride = loop.Stride(0);
            for (var start = 0; start < run.Length; start += Terms)
            {
                var part = run.Slice(start, Math.Min(Terms, run.Length - start));
                for (var i = 0; i < part.Length; i++) terms[i] = Precision.Narrow<T>(TMap.Term(Precision.Widen(part[i])));
                BroadcastSum.AddRun<T>(terms[..part.Length], mu[(loop.Offset(0) + (start * stride))..], stride);
            }
        }
        for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(TMap.Finish(Precision.Widen(mu[i])));
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var x = inputs[0].Span;
        var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]);
        do
        {
            var pulled = result.Writable.Slice(loop.Position, loop.Run);
            for (var i = 0; i < pulled.Length; i++)
            {
                var at = loop.Offset(0) + (i * loop.Stride(0));
                var slope = TMap.Slope(Precision.Widen(x[loop.Position + i]), Precision.Widen(prediction.Span[at]));
                pulled[i] = Precision.Narrow<T>(slope * Precision.Widen(error.Span[at]));
            }
        }
        while (loop.Next());
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)TMap.Cost * inputs[0].Length;
}
