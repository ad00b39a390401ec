using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The data with updates written at indices.</summary>
/// <remarks>
/// <para>Inputs: data, indices, updates. Attribute: reduction ("none", "add", "mul", "max" or "min"), what becomes of an update
/// and what is at its place already. Updates are taken in row-major order; without a reduction the last one at a place stays.</para>
/// <para>The pull-back is the derivative of just that: without a reduction, the error to whatever stayed; of a product, the
/// error times the other factors; of an extremum, the error to the one that was chosen, in equal shares where several tie.</para>
/// </remarks>
public abstract class ScatterFunction<T> : IndexedFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ScatterReduction _reduction;

    private protected ScatterFunction(Attributes attributes)
        : base(attributes) => _reduction = attributes.Text("reduction", "none") switch
        {
            "none" => ScatterReduction.None,
            "add" => ScatterReduction.Add,
            "mul" => ScatterReduction.Mul,
            "max" => ScatterReduction.Max,
            "min" => ScatterReduction.Min,
            var other => throw new AttributeException($"the attribute 'reduction' is '{other}'; it is none, add, mul, max or min"),
        };

    /// <inheritdoc/>
    public sealed override int MinInputs => 3;

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        inputs[0].Span.CopyTo(prediction.Writable);
        if (inputs[2].Length == 0) return;
        var offsets = Offsets(inputs, out var block, out var places);
        ScatterWrite.Predict(_reduction, new(offsets, places, block), inputs[2].Span, prediction.Writable);
        ArrayPool<int>.Shared.Return(offsets);
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        if (input == 1 || pulled.IsEmpty) pulled.Clear();
        else if (inputs[2].Length == 0) error.Span.CopyTo(pulled);
        else
        {
            var offsets = Offsets(inputs, out var block, out var places);
            var at = new ScatterPlaces(offsets, places, block);
            if (input == 0) ScatterWrite.PullBackToData(_reduction, at, inputs[0].Span, inputs[2].Span, prediction.Span, error.Span, pulled);
            else ScatterWrite.PullBackToUpdates(_reduction, at, inputs[0].Span, inputs[2].Span, prediction.Span, error.Span, pulled);
            ArrayPool<int>.Shared.Return(offsets);
        }
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        _reduction == ScatterReduction.None ? 0 : inputs[2].Length;

    private int[] Offsets(ReadOnlySpan<Tensor<T>> inputs, out int block, out int places)
    {
        (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var offsets = ArrayPool<int>.Shared.Rent(places);
        Locate(inputs[0].Shape, inputs[1], offsets.AsSpan(0, places));
        return offsets;
    }
}
