using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of each element of one input by itself: mu and x have the same shape.</summary>
/// <remarks>An operator gives its map and its pull-back on spans of equal length.</remarks>
public abstract class UnaryFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <summary>Floating-point operations an element, about.</summary>
    protected virtual int ElementCost => 1;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Predict(inputs[0].Span, prediction.Writable);

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        PullBack(inputs[0].Span, prediction.Span, error.Span, result.Writable);

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)ElementCost * prediction.Length;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * prediction.Length;

    /// <summary>mu of each x.</summary>
    protected abstract void Predict(ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>(dmu / dx) error of each element.</summary>
    protected abstract void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);
}
