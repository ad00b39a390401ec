using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>A part of a recurrent cell. The last axis of a value has blocks of as many units each, such as a gate's,
/// side by side, and a unit's elements are functions of its elements in the inputs' blocks.</summary>
/// <remarks>The bits are those of slices, activations, products and sums as a vertex each: the pull-back to blocks that
/// are not read is 0.</remarks>
internal abstract class CellFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _cost = settings.Operator.ElementCost;

    /// <summary>Blocks of the prediction's last axis.</summary>
    protected abstract int Blocks { get; }

    /// <summary>What the pull-back of an element of the prediction takes, in the unit of
    /// <see cref="Operator.ElementCost"/>.</summary>
    protected virtual int PullBackElementCost => Flops.OfValue;

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var first = inputs[0];
        if (first.Rank == 0 || first[-1] % BlocksOf(0) != 0)
            throw Misfit($"input 0 is {first}; its last axis must have {BlocksOf(0)} blocks of as many units each");
        var units = first[-1] / BlocksOf(0);
        for (var input = 1; input < inputs.Length; input++)
        {
            var wanted = first.With(first.Rank - 1, units * BlocksOf(input));
            if (!inputs[input].Equals(wanted))
                throw Misfit(
                    $"input {input} is {inputs[input]}; beside input 0, which is {first}, it must be {wanted}");
        }
        return first.With(first.Rank - 1, units * Blocks);
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var rows = prediction.Length / prediction.Shape[-1];
        var parts = KernelThreads.PartsOfFunction<T>(_cost, inputs.Length + 1, prediction.Length, rows);
        if (parts == 1) Predict(inputs, prediction, 0, rows);
        else Predict(parts, rows, inputs.ToArray(), prediction);
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var rows = error.Length / error.Shape[-1];
        var parts = KernelThreads.PartsOfFunction<T>(PullBackElementCost, inputs.Length + 3, error.Length, rows);
        if (parts == 1) PullBack(input, inputs, prediction, error, result, 0, rows);
        else PullBack(parts, rows, input, inputs.ToArray(), prediction, error, result);
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => _cost * prediction.Length;

    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)PullBackElementCost * prediction.Length;

    /// <summary>Blocks of an input's last axis.</summary>
    protected abstract int BlocksOf(int input);

    /// <summary>mu of a row.</summary>
    /// <param name="row">The inputs' row.</param>
    /// <param name="mu">Receives it.</param>
    /// <param name="spare">As many elements as a block has.</param>
    protected abstract void Predict(CellRow<T> row, Span<T> mu, Span<T> spare);

    /// <summary>The pull-back of a row's error.</summary>
    /// <param name="input">To which input.</param>
    /// <param name="row">The inputs' row.</param>
    /// <param name="mu">The prediction's.</param>
    /// <param name="error">The error's.</param>
    /// <param name="result">Receives it; zeros.</param>
    /// <param name="spare">As many elements as a block has.</param>
    protected abstract void PullBack(int input, CellRow<T> row, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result, Span<T> spare);

    private void Predict(int parts, int rows, Tensor<T>[] inputs, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(inputs, prediction,
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows)));

    private void PullBack(
        int parts, int rows, int input, Tensor<T>[] inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(input, inputs, prediction, error, result,
            KernelThreads.Start(part, parts, rows), KernelThreads.Start(part + 1, parts, rows)));

    private void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, int first, int end)
    {
        var length = prediction.Shape[-1];
        var units = length / Blocks;
        var spare = ArrayPool<T>.Shared.Rent(units);
        for (var row = first; row < end; row++)
        {
            Predict(new CellRow<T>(inputs, row, units), prediction.Writable.Slice(row * length, length),
                spare.AsSpan(0, units));
        }
        ArrayPool<T>.Shared.Return(spare);
    }

    private void PullBack(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error,
        Tensor<T> result, int first, int end)
    {
        var (length, width) = (error.Shape[-1], result.Shape[-1]);
        var units = length / Blocks;
        var spare = ArrayPool<T>.Shared.Rent(units);
        for (var row = first; row < end; row++)
        {
            var pulled = result.Writable.Slice(row * width, width);
            if (BlocksOf(input) > 1) pulled.Clear();
            PullBack(input, new CellRow<T>(inputs, row, units), prediction.Span.Slice(row * length, length),
                error.Span.Slice(row * length, length), pulled, spare.AsSpan(0, units));
        }
        ArrayPool<T>.Shared.Return(spare);
    }
}

/// <summary>A row of each of the inputs of a part of a cell.</summary>
/// <param name="inputs">The inputs' values.</param>
/// <param name="row">Which row.</param>
/// <param name="units">Elements of a block.</param>
internal readonly ref struct CellRow<T>(ReadOnlySpan<Tensor<T>> inputs, int row, int units)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<Tensor<T>> _inputs = inputs;

    /// <summary>Blocks of an input, from one on.</summary>
    public ReadOnlySpan<T> Of(int input, int block = 0, int count = 1)
    {
        var x = _inputs[input];
        return x.Span.Slice((row * x.Shape[-1]) + (block * units), count * units);
    }

    /// <summary>Blocks, from one on, of a prediction's, an error's or a pull-back's row.</summary>
    public Span<T> Of(Span<T> elements, int block, int count = 1) => elements.Slice(block * units, count * units);

    /// <summary>Blocks, from one on, of a prediction's or an error's row.</summary>
    public ReadOnlySpan<T> Of(ReadOnlySpan<T> elements, int block, int count = 1) =>
        elements.Slice(block * units, count * units);
}
