using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of one or more inputs, element by element, all broadcast together.</summary>
public abstract class VariadicFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected VariadicFunction()
    {
    }

    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <inheritdoc/>
    public sealed override int MaxInputs => int.MaxValue;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var shape = inputs[0];
        foreach (var other in inputs[1..]) shape = BroadcastShape(shape, other);
        return shape;
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        for (var input = 0; input < inputs.Length; input++)
        {
            var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[input].Shape);
            do
            {
                var mu = prediction.Writable.Slice(loop.Position, loop.Run);
                var x = Operand(loop, inputs[input]);
                if (input > 0) Join(mu, x);
                else if (x.Length == mu.Length) x.CopyTo(mu);
                else mu.Fill(x[0]);
            }
            while (loop.Next());
        }
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)inputs.Length * prediction.Length;

    /// <summary>Takes one more input into a run of the prediction.</summary>
    /// <param name="mu">What the inputs before have made.</param>
    /// <param name="x">The input: as many elements, or one for all.</param>
    private protected abstract void Join(Span<T> mu, ReadOnlySpan<T> x);

    /// <summary>An input's part in a run: as many elements, or one for all.</summary>
    private protected static ReadOnlySpan<T> Operand(in StridedLoop loop, Tensor<T> input) =>
        input.Span.Slice(loop.Offset(0), loop.Stride(0) == 0 ? 1 : loop.Run);
}
