using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>A function of each channel of each sample of one input [N, C, ...] as a whole; the other axes
/// keep an extent of 1.</summary>
internal abstract class GlobalPooling<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var x = inputs[0];
        if (x.Rank < 2 || x.LengthOf(2, x.Rank) == 0)
            throw Misfit($"X is {x}; it must be [batch, channels, ...] with a place or more");
        var dimensions = x.Dimensions.ToArray();
        dimensions.AsSpan(2).Fill(1);
        return new Shape(dimensions);
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var places = inputs[0].Length / prediction.Length;
        for (var i = 0; i < prediction.Length; i++)
            prediction.Writable[i] = Pool(inputs[0].Span.Slice(i * places, places));
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0) return;
        var places = result.Length / error.Length;
        for (var i = 0; i < error.Length; i++)
        {
            var at = i * places;
            PullBack(inputs[0].Span.Slice(at, places), prediction.Span[i], error.Span[i],
                result.Writable.Slice(at, places));
        }
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => inputs[0].Length;

    /// <summary>mu of one channel.</summary>
    protected abstract T Pool(ReadOnlySpan<T> x);

    /// <summary>The pull-back to one channel.</summary>
    protected abstract void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result);
}

/// <summary>ONNX GlobalAveragePool: the mean of each channel. The pull-back gives each of its
/// elements the same share.</summary>
internal sealed class GlobalAveragePool<T>(OperatorSettings settings) : GlobalPooling<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override T Pool(ReadOnlySpan<T> x) => Reductions.Sum(x) / T.CreateTruncating(x.Length);

    protected override void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result) =>
        result.Fill(error / T.CreateTruncating(x.Length));
}

/// <summary>ONNX GlobalMaxPool: the largest element of each channel. The pull-back is the error
/// to the first of them.</summary>
internal sealed class GlobalMaxPool<T>(OperatorSettings settings) : GlobalPooling<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override T Pool(ReadOnlySpan<T> x) => Reductions.Max(x);

    protected override void PullBack(ReadOnlySpan<T> x, T mu, T error, Span<T> result)
    {
        result.Clear();
        var first = 0;
        while (x[first] < mu) first++;
        result[first] = error;
    }
}
