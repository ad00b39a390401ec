using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>Softmax over the last axis of scores that are scaled and masked before, row by row.</summary>
/// <remarks>Inputs: the scores X, the mask, which broadcasts to X's shape, and at a place of its own the scale S, one
/// number, which may be absent.</remarks>
/// <param name="settings">The operator with its attributes.</param>
/// <param name="scaleAt">Which input the scale is.</param>
internal abstract class MaskedSoftmaxFunction<T>(OperatorSettings settings, int scaleAt)
    : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ElementCost = Flops.Transcendental + 6;
    private const int PullBackElementCost = Flops.OfValue + 2;

    // How often an element is read and written, mostly in the first cache.
    private const int Passes = 10;

    private readonly bool _divides = settings.Flag(MaskedSoftmaxOperators.Divides);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        if (inputs[0].Rank == 0) throw Misfit("X is a scalar; it must have an axis");
        if (!BroadcastShape(inputs[0], inputs[1]).Equals(inputs[0]))
            throw Misfit($"X is {inputs[0]} and the mask is {inputs[1]}, which must broadcast to X's shape");
        if (inputs.Length > scaleAt) RequireNumber("S", inputs[scaleAt], inputs[0]);
        return inputs[0];
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var rows = prediction.Length / prediction.Shape[-1];
        var parts = KernelThreads.PartsOfFunction<T>(ElementCost, Passes, prediction.Length, rows);
        if (parts == 1) Predict(inputs, prediction, 0, rows);
        else Predict(parts, rows, inputs.ToArray(), prediction);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input > 0 || error.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var rows = error.Length / error.Shape[-1];
        var parts = KernelThreads.PartsOfFunction<T>(PullBackElementCost, Passes / 2, error.Length, rows);
        if (parts == 1) PullBack(inputs, prediction, error, result, 0, rows);
        else PullBack(parts, rows, inputs.ToArray(), prediction, error, result);
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)ElementCost * prediction.Length;

    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        IsDifferentiable(input) ? (long)PullBackElementCost * prediction.Length : 0;

    /// <summary>Puts the mask on a row.</summary>
    /// <param name="x">The row, scaled.</param>
    /// <param name="mask">The mask's row, or its one element for all of it.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="result">Receives it; may be the row.</param>
    protected abstract void Mask(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mask, ReadOnlySpan<Tensor<T>> inputs, Span<T> result);

    /// <summary>The pull-back through the mask, in place.</summary>
    /// <param name="pulled">A row of what the softmax pulls back.</param>
    /// <param name="mask">The mask's row, or its one element for all of it.</param>
    protected abstract void Unmask(Span<T> pulled, ReadOnlySpan<T> mask);

    /// <summary>Refuses what is more than one number, or has more axes than the scores.</summary>
    protected void RequireNumber(string name, Shape found, Shape scores)
    {
        if (found.Length != 1 || found.Rank > scores.Rank)
            throw Misfit($"{name} is {found}; it must be one number, of at most as many axes as X, which is {scores}");
    }

    private void Predict(int parts, int rows, Tensor<T>[] inputs, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(inputs, prediction,
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows)));

    private void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, int first, int end)
    {
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 1)];
        var masks = new BroadcastRows<T>(inputs[1], prediction.Shape, scratch, first);
        var length = prediction.Shape[-1];
        for (var row = first; row < end; row++)
        {
            var x = inputs[0].Span.Slice(row * length, length);
            var mu = prediction.Writable.Slice(row * length, length);
            if (inputs.Length > scaleAt)
            {
                Scale(x, inputs[scaleAt].Span, mu);
                x = mu;
            }
            Mask(x, masks.Of(row), inputs, mu);
            Softmax<T>.Normalise(mu, mu);
        }
    }

    private void PullBack(
        int parts, int rows, Tensor<T>[] inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(inputs, prediction, error, result,
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows)));

    private void PullBack(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result,
        int first, int end)
    {
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 1)];
        var masks = new BroadcastRows<T>(inputs[1], error.Shape, scratch, first);
        var length = error.Shape[-1];
        for (var row = first; row < end; row++)
        {
            var pulled = result.Writable.Slice(row * length, length);
            Softmax<T>.PullBackRow(prediction.Span.Slice(row * length, length),
                error.Span.Slice(row * length, length), pulled);
            Unmask(pulled, masks.Of(row));
            if (inputs.Length > scaleAt) Scale(pulled, inputs[scaleAt].Span, pulled);
        }
    }

    private void Scale(ReadOnlySpan<T> x, ReadOnlySpan<T> scale, Span<T> result)
    {
        if (_divides) Elements.Divide(x, scale, result);
        else Elements.Multiply(x, scale, result);
    }
}
