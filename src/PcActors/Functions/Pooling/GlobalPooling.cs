using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of each channel of each sample of one input [N, C, ...] as a whole; the other axes keep an extent of 1.</summary>
public abstract class GlobalPooling<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var x = inputs[0];
        if (x.Rank < 2 || x.LengthOf(2, x.Rank) == 0) throw Misfit($"X is {x}; it must be [batch, channels, ...] with a place or more");
        var dimensions = x.Dimensions.ToArray();
        dimensions.AsSpan(2).Fill(1);
        return new Shape(dimensions);
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var places = inputs[0].Length / prediction.Length;
        for (var i = 0; i < prediction.Length; i++) prediction.Writable[i] = Pool(inputs[0].Span.Slice(i * places, places));
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0) return;
        var places = result.Length / error.Length;
        for (var i = 0; i < error.Length; i++)
        {
            var at = i * places;
            PullBack(inputs[0].Span.Slice(at, places), prediction.Span[i], error.Span[i], result.Writable.Slice(at, places));
        }
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => inputs[0].Length;

    /// <summary>mu of one channel.</summary>
    private protected abstract T Pool(ReadOnlySpan<T> x);

    /// <summary>The pull-back to one channel.</summary>
    private protected abstract void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result);
}
