using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>A function of the slices of one input along an axis, such as Softmax: mu and x
/// have the same shape.</summary>
/// <remarks>Attribute: axis (-1, as from opset 13), negative to count from the last. An
/// operator is given a slice at a time where the axis is the last, and elsewhere a block of neighbouring slices, which
/// it works through row by row.</remarks>
internal abstract class AlongAxis<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The widest block of slices: what an operator keeps for each slice fits on the stack.</summary>
    protected const int BlockWidth = 128;

    private readonly int _axis = settings.Axis("axis");

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        AxisOf(inputs[0], _axis);
        return inputs[0];
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var (extent, inner, _) = Split(prediction.Shape);
        var (stacks, work) = (prediction.Length / (extent * inner), (long)Flops.Transcendental * prediction.Length);
        var parts = KernelThreads.PartsOfElements(work, stacks);
        if (parts == 1) Predict(inputs[0], prediction, 0, stacks);
        else Predict(parts, stacks, inputs[0], prediction);
    }

    private void Predict(int parts, int stacks, Tensor<T> input, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(
            input, prediction, KernelThreads.Start(part, parts, stacks), KernelThreads.Start(part + 1, parts, stacks)));

    private void Predict(Tensor<T> input, Tensor<T> prediction, int first, int end)
    {
        var x = input.Span;
        var mu = prediction.Writable;
        var (extent, inner, isLast) = Split(prediction.Shape);
        for (var start = first * extent * inner; start < end * extent * inner; start += extent * inner)
        {
            if (isLast)
            {
                Predict(x.Slice(start, extent), mu.Slice(start, extent));
                continue;
            }
            for (var column = 0; column < inner; column += BlockWidth)
            {
                var block = new SliceBlock(extent, inner, Math.Min(BlockWidth, inner - column));
                Predict(block, x[(start + column)..], mu[(start + column)..]);
            }
        }
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (prediction.Length == 0) return;
        var (extent, inner, _) = Split(prediction.Shape);
        var stacks = prediction.Length / (extent * inner);
        var parts = KernelThreads.PartsOfElements(4L * prediction.Length, stacks);
        if (parts == 1) PullBack(prediction, error, result, 0, stacks);
        else PullBack(parts, stacks, prediction, error, result);
    }

    private void PullBack(int parts, int stacks, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(
            prediction, error, result, KernelThreads.Start(part, parts, stacks),
            KernelThreads.Start(part + 1, parts, stacks)));

    private void PullBack(Tensor<T> prediction, Tensor<T> error, Tensor<T> result, int first, int end)
    {
        var mu = prediction.Span;
        var eps = error.Span;
        var pulled = result.Writable;
        var (extent, inner, isLast) = Split(prediction.Shape);
        for (var start = first * extent * inner; start < end * extent * inner; start += extent * inner)
        {
            if (isLast)
            {
                PullBack(mu.Slice(start, extent), eps.Slice(start, extent), pulled.Slice(start, extent));
                continue;
            }
            for (var column = 0; column < inner; column += BlockWidth)
            {
                var block = new SliceBlock(extent, inner, Math.Min(BlockWidth, inner - column));
                var at = start + column;
                PullBack(block, mu[at..], eps[at..], pulled[at..]);
            }
        }
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (Flops.Transcendental + 4L) * prediction.Length;

    /// <summary>mu of one slice.</summary>
    protected abstract void Predict(ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>mu of a block of slices.</summary>
    protected abstract void Predict(SliceBlock block, ReadOnlySpan<T> x, Span<T> mu);

    /// <summary>The pull-back of one slice, from its prediction.</summary>
    protected abstract void PullBack(ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    /// <summary>The pull-back of a block of slices, from their prediction.</summary>
    protected abstract void PullBack(SliceBlock block, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    /// <summary>The extent of the axis, the elements from one of its indices to the next, and whether
    /// it is the last axis.</summary>
    private (int Extent, int Inner, bool IsLast) Split(Shape shape)
    {
        var axis = shape.Axis(_axis);
        return (shape[axis], shape.LengthOf(axis + 1, shape.Rank), axis == shape.Rank - 1);
    }
}

/// <summary>Neighbouring slices along an axis that is not the last: a matrix whose columns are the slices.</summary>
/// <param name="Extent">Elements of a slice: the matrix's rows.</param>
/// <param name="Stride">From one row to the next.</param>
/// <param name="Width">How many slices: the matrix's columns.</param>
internal readonly record struct SliceBlock(int Extent, int Stride, int Width)
{
    /// <summary>One element of each slice.</summary>
    public ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> block, int row) => block.Slice(row * Stride, Width);

    /// <summary>One element of each slice, for writing.</summary>
    public Span<T> Row<T>(Span<T> block, int row) => block.Slice(row * Stride, Width);
}
