using System.Buffers;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX MaxPool: the largest element of each window. Padding does not count.</summary>
/// <remarks>Attributes: kernel_shape, strides, pads, dilations, auto_pad, ceil_mode; storage_order, which the further output
/// <c>MaxPool:Indices</c> alone reads. The pull-back of a window's error goes to its first largest element.</remarks>
public sealed class MaxPool<T> : PoolingFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A MaxPool with the attributes given.</summary>
    /// <exception cref="AttributeException">An attribute is missing or wrong.</exception>
    public MaxPool(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "MaxPool";

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var grid = Window.Grid(inputs[0].Shape);
        var buffer = ArrayPool<T>.Shared.Rent(grid.Width.Span);
        var line = buffer.AsSpan(0, grid.Width.Span);
        PoolingFold<T, LargestFold>.Prepare(line);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            var plane = inputs[0].Span.Slice(start, grid.InputPlane);
            PoolingFold<T, LargestFold>.Row(grid, depth, height, plane, line, mu.Slice(at, grid.Width.Count));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        if (error.Length == 0) return;
        var grid = Window.Grid(inputs[0].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(grid.Width.Count);
        var places = buffer.AsSpan(0, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(error.Length))
        {
            var plane = inputs[0].Span.Slice(start, grid.InputPlane);
            FirstMaximum.Row(grid, depth, height, plane, prediction.Span.Slice(at, places.Length), places);
            var pulled = result.Writable.Slice(start, grid.InputPlane);
            var eps = error.Span.Slice(at, places.Length);
            for (var i = 0; i < places.Length; i++)
            {
                if (places[i] >= 0) pulled[places[i]] += eps[i];
            }
        }
        ArrayPool<int>.Shared.Return(buffer);
    }
}
