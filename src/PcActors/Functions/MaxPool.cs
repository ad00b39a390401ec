using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var buffer = ArrayPool<T>.Shared.Rent(grid.Width.Span);
        var line = buffer.AsSpan(0, grid.Width.Span);
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
        result.Writable.Clear();
        if (error.Length == 0) return;
        var grid = Window.Grid(inputs[0].Shape);
        var planes = error.Length / grid.OutputPlane;
        var parts = KernelThreads.PartsOfElements(4L * result.Length, planes);
        if (parts == 1) PullBack(grid, 0, error.Length, inputs[0], prediction, error, result);
        else PullBack(parts, planes, grid, inputs[0], prediction, error, result);
    }

    private static void PullBack(
        int parts, int planes, PoolingGrid grid, Tensor<T> x, Tensor<T> prediction, Tensor<T> error,
        Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(
            grid, KernelThreads.Start(part, parts, planes) * grid.OutputPlane,
            KernelThreads.Start(part + 1, parts, planes) * grid.OutputPlane, x, prediction, error, result));

    private static void PullBack(
        in PoolingGrid grid, int from, int to, Tensor<T> x, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var buffer = ArrayPool<int>.Shared.Rent(grid.Width.Count);
        var places = buffer.AsSpan(0, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(from, to))
        {
            var plane = x.Span.Slice(start, grid.InputPlane);
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
        var buffer = ArrayPool<int>.Shared.Rent(grid.Width.Count);
        var places = buffer.AsSpan(0, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            var row = mu.Slice(at, places.Length);
            FirstMaximum.Row(grid, depth, height, inputs[0].Span.Slice(start, grid.InputPlane), row, places);
            for (var i = 0; i < row.Length; i++)
                row[i] = T.CreateChecked(places[i] < 0 ? -1 : start + Place(grid, places[i]));
        }
        ArrayPool<int>.Shared.Return(buffer);
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

/// <summary>Where the largest element of a window is: the first one in row-major order, as in PyTorch.</summary>
internal static class FirstMaximum
{
    /// <summary>The places, in a plane of the input, of the largest elements of a row of windows.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="depth">The row's windows along the depth.</param>
    /// <param name="height">The row's windows along the height.</param>
    /// <param name="plane">The plane of the input.</param>
    /// <param name="largest">The largest elements.</param>
    /// <param name="places">Receives the places; -1 for a window that holds padding alone.</param>
    public static void Row<T>(
        in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> plane, ReadOnlySpan<T> largest, Span<int> places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (firstDepth, firstHeight) = (grid.Depth.FirstTap(depth), grid.Height.FirstTap(height));
        places[..largest.Length].Fill(-1);
        // From the last tap to the first: the first one that is not less has the last word.
        for (var d = grid.Depth.EndTap(depth) - 1; d >= firstDepth; d--)
        {
            for (var h = grid.Height.EndTap(height) - 1; h >= firstHeight; h--)
            {
                var start = grid.Row(grid.Depth.At(depth, d), grid.Height.At(height, h));
                for (var tap = grid.Width.Kernel - 1; tap >= 0; tap--)
                    Tap(grid.Width, tap, plane.Slice(start, grid.Width.Extent), start, largest, places);
            }
        }
    }

    /// <summary>Looks at one tap of all windows of the row.</summary>
    private static void Tap<T>(
        PoolingAxis width, int tap, ReadOnlySpan<T> source, int start, ReadOnlySpan<T> largest, Span<int> places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Windows whose tap is inside: tap dilation - before + window stride from 0 to the extent.
        var offset = width.At(0, tap);
        var first = offset >= 0 ? 0 : (width.Stride - 1 - offset) / width.Stride;
        var end = offset >= source.Length
            ? 0
            : Math.Min(largest.Length, (source.Length - offset + width.Stride - 1) / width.Stride);
        ref var x = ref MemoryMarshal.GetReference(source);
        ref var max = ref MemoryMarshal.GetReference(largest);
        ref var place = ref MemoryMarshal.GetReference(places);
        for (var window = first; window < end; window++)
        {
            var at = offset + (window * width.Stride);
            // All bits when it is less, none when it is not, so that there is no branch.
            var isLess = -Unsafe.BitCast<bool, byte>(Unsafe.Add(ref x, at) < Unsafe.Add(ref max, window));
            Unsafe.Add(ref place, window) = (Unsafe.Add(ref place, window) & isLess) | ((start + at) & ~isLess);
        }
    }
}
