using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The second output of ONNX MaxPool: the place, in the whole input, of each window's first largest element. Nothing is
/// pulled back.</summary>
/// <remarks>Attributes: as MaxPool's; storage_order (0): 1 when places count down the first axis of a plane first. float32 holds
/// places up to 2^24 exactly.</remarks>
public sealed class MaxPoolIndices<T> : PoolingFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaxPool<T> _whole;
    private readonly bool _columnMajor;

    /// <summary>The indices of a MaxPool with the attributes given.</summary>
    /// <exception cref="AttributeException">An attribute is missing or wrong.</exception>
    public MaxPoolIndices(Attributes attributes)
        : base(attributes)
    {
        _whole = new MaxPool<T>(attributes);
        _columnMajor = attributes.Flag("storage_order", false);
    }

    /// <inheritdoc/>
    public override string OperatorType => "MaxPool:Indices";

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => false;

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        _whole.Predict(inputs, prediction);
        var grid = Window.Grid(inputs[0].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(grid.Width.Count);
        var places = buffer.AsSpan(0, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            var row = mu.Slice(at, places.Length);
            FirstMaximum.Row(grid, depth, height, inputs[0].Span.Slice(start, grid.InputPlane), row, places);
            for (var i = 0; i < row.Length; i++) row[i] = T.CreateChecked(places[i] < 0 ? -1 : start + Place(grid, places[i]));
        }
        ArrayPool<int>.Shared.Return(buffer);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();

    private int Place(in PoolingGrid grid, int place)
    {
        if (!_columnMajor) return place;
        var (height, width) = (grid.Height.Extent, grid.Width.Extent);
        var (d, h, w) = (place / (height * width), place / width % height, place % width);
        return d + (grid.Depth.Extent * (h + (height * w)));
    }
}
