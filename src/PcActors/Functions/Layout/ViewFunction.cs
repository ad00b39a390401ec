using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function whose prediction is its input's elements, in order, under a shape that only the shapes decide.</summary>
public abstract class ViewFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <inheritdoc/>
    public sealed override bool IsView => true;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return View(inputs[0]);
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        inputs[0].Span.CopyTo(prediction.Writable);

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        error.Span.CopyTo(result.Writable);

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <summary>The shape under which the prediction shows the elements.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit.</exception>
    protected abstract Shape View(Shape input);
}
