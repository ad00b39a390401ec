using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>ONNX MaxPool: the largest element of each window. Padding does not count.</summary>
/// <remarks>Attributes: kernel_shape, strides, pads, dilations, auto_pad, ceil_mode;
/// storage_order, which the further output <c>MaxPool:Indices</c> alone reads. The pull-back of a window's error goes
/// to its first largest element.</remarks>
internal sealed class MaxPool<T>(OperatorSettings settings) : PoolingFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var grid = Window.Grid(inputs[0].Shape);
        var planes = mu.Length / grid.OutputPlane;
        var parts = KernelThreads.PartsOfElements(2L * inputs[0].Length, planes);
        if (parts == 1) Predict(grid, 0, mu.Length, inputs[0].Span, mu);
        else Predict(parts, planes, grid, inputs[0], prediction);
    }

    private static void Predict(int parts, int planes, PoolingGrid grid, Tensor<T> x, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(
            grid, KernelThreads.Start(part, parts, planes) * grid.OutputPlane,
            KernelThreads.Start(part + 1, parts, planes) * grid.OutputPlane, x.Span, prediction.Writable));

    private static void Predict(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, Span<T> mu)
    {
        if (PairedWindows.Are<T>(grid))
        {
            PairedWindows.Largest(grid, from, to, x, mu);
            return;
        }
        if (grid.Adjoins)
        {
            PoolingFold<T, LargestFold>.Adjoining(grid, from, to, x, mu);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(PoolingFold<T, LargestFold>.Buffer(grid.Width));
        var line = buffer.AsSpan(0, PoolingFold<T, LargestFold>.Buffer(grid.Width));
        PoolingFold<T, LargestFold>.Prepare(line);
        foreach (var (start, depth, height, at) in grid.Rows(from, to))
        {
            var plane = x.Slice(start, grid.InputPlane);
            PoolingFold<T, LargestFold>.Row(grid, depth, height, plane, line, mu.Slice(at, grid.Width.Count));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (error.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var grid = Window.Grid(inputs[0].Shape);
        var planes = error.Length / grid.OutputPlane;
        var parts = KernelThreads.PartsOfElements(4L * result.Length, planes);
        if (parts == 1) PullBack(grid, 0, planes, inputs[0], prediction, error, result);
        else PullBack(parts, planes, grid, inputs[0], prediction, error, result);
    }

    private static void PullBack(
        int parts, int planes, PoolingGrid grid, Tensor<T> x, Tensor<T> prediction, Tensor<T> error,
        Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(
            grid, KernelThreads.Start(part, parts, planes), KernelThreads.Start(part + 1, parts, planes), x, prediction,
            error, result));

    private static void PullBack(
        in PoolingGrid grid, int from, int to, Tensor<T> x, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (AdjoiningMaxima<T>.Are(grid))
        {
            AdjoiningMaxima<T>.PullBack(grid, from, to, x.Span, prediction.Span, error.Span, result.Writable);
            return;
        }
        using var maxima = new WindowMaxima<T>(grid);
        for (var plane = from; plane < to; plane++)
        {
            var start = plane * grid.InputPlane;
            maxima.Begin(x.Span.Slice(start, grid.InputPlane));
            var at = plane * grid.OutputPlane;
            for (var depth = 0; depth < grid.Depth.Count; depth++)
            {
                for (var height = 0; height < grid.Height.Count; height++, at += grid.Width.Count)
                {
                    maxima.Find(depth, height, prediction.Span.Slice(at, grid.Width.Count));
                    maxima.Add(depth, height, error.Span.Slice(at, grid.Width.Count));
                }
            }
            maxima.End(result.Writable.Slice(start, grid.InputPlane));
        }
    }
}

/// <summary>The second output of ONNX MaxPool: the place, in the whole input, of each window's
/// first largest element. Nothing is pulled back.</summary>
/// <remarks>Attributes: as MaxPool's; storage_order (0): 1 when places count down the first axis
/// of a plane first. float32 holds places up to 2^24 exactly.</remarks>
internal sealed class MaxPoolIndices<T>(OperatorSettings settings) : PoolingFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaxPool<T> _whole = new(settings);
    private readonly bool _columnMajor = settings.Flag("storage_order");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        _whole.Predict(inputs, prediction);
        var grid = Window.Grid(inputs[0].Shape);
        using var maxima = new WindowMaxima<T>(grid);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            if ((depth, height) == (0, 0)) maxima.Begin(inputs[0].Span.Slice(start, grid.InputPlane));
            var row = mu.Slice(at, grid.Width.Count);
            maxima.Find(depth, height, row);
            for (var i = 0; i < row.Length; i++)
            {
                var place = maxima.PlaceOf(depth, height, i);
                row[i] = T.CreateChecked(place < 0 ? -1 : start + Place(grid, place));
            }
        }
    }

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
