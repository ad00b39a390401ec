using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>A sum over axes, divided by a number that depends on the shapes alone.</summary>
public abstract class LinearReduction<T> : Reduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A sum over the attributes' axes.</summary>
    private protected LinearReduction(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        if (x.Length == mu.Length) x.Span.CopyTo(mu);
        else if (x.Length == 0) mu.Clear();
        else BroadcastSum.Over(Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]), x.Span, mu);
        Divide(mu, Divisor(x.Length / mu.Length));
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var eps = error.Span;
        var pulled = result.Writable;
        if (pulled.IsEmpty) return;
        if (pulled.Length == eps.Length)
        {
            eps.CopyTo(pulled);
            return;
        }
        var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]);
        do
        {
            var run = pulled.Slice(loop.Position, loop.Run);
            if (loop.Stride(0) == 0) run.Fill(eps[loop.Offset(0)]);
            else eps.Slice(loop.Offset(0), loop.Run).CopyTo(run);
        }
        while (loop.Next());
        Divide(pulled, Divisor(pulled.Length / eps.Length));
    }

    /// <summary>What the sum is divided by.</summary>
    /// <param name="terms">How many terms each sum has.</param>
    private protected abstract T Divisor(int terms);

    private static void Divide(Span<T> sums, T divisor)
    {
        if (divisor != T.One) TensorPrimitives.Divide(sums, divisor, sums);
    }
}
