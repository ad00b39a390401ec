using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX AveragePool: the mean of each window. The pull-back gives each element its share of the errors of its
/// windows.</summary>
/// <remarks>Attributes: kernel_shape, strides, pads, dilations, auto_pad, ceil_mode;
/// count_include_pad (0): whether zeros of the padding count as elements (never what lies beyond the padding, into
/// which ceil_mode lets a window reach).</remarks>
internal sealed class AveragePool<T>(OperatorSettings settings) : PoolingFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _countPadding = settings.Flag("count_include_pad");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var grid = Window.Grid(inputs[0].Shape);
        var length = PoolingFold<T, SumFold>.Buffer(grid.Width);
        var buffer = ArrayPool<T>.Shared.Rent(length);
        var line = buffer.AsSpan(0, length);
        PoolingFold<T, SumFold>.Prepare(line);
        foreach (var (start, depth, height, at) in grid.Rows(mu.Length))
        {
            var row = mu.Slice(at, grid.Width.Count);
            PoolingFold<T, SumFold>.Row(grid, depth, height, inputs[0].Span.Slice(start, grid.InputPlane), line, row);
            DivideByCount(grid, depth, height, row, row);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        result.Writable.Clear();
        if (error.Length == 0) return;
        var grid = Window.Grid(inputs[0].Shape);
        var buffer = ArrayPool<T>.Shared.Rent(grid.Width.Span + grid.Width.Count);
        var line = buffer.AsSpan(0, grid.Width.Span);
        var shares = buffer.AsSpan(grid.Width.Span, grid.Width.Count);
        foreach (var (start, depth, height, at) in grid.Rows(error.Length))
        {
            DivideByCount(grid, depth, height, error.Span.Slice(at, shares.Length), shares);
            PoolingSpread<T>.Along(grid.Width, shares, line);
            var covered = line.Slice(grid.Width.Before, grid.Width.Covered);
            PoolingSpread<T>.AddToRows(grid, depth, height, covered, result.Writable.Slice(start, grid.InputPlane));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>Divides a row's elements by how many elements their windows have; 0 for a
    /// window that has none.</summary>
    private void DivideByCount(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> source, Span<T> result)
    {
        var rows = grid.Depth.Taps(depth, _countPadding) * grid.Height.Taps(height, _countPadding);
        var (start, end) = (grid.Width.InnerStart, grid.Width.InnerEnd);
        if (rows > 0)
            TensorPrimitives.Divide(source[start..end], T.CreateTruncating(rows * grid.Width.Kernel),
                result[start..end]);
        else result[start..end].Clear();
        for (var i = start == 0 ? end : 0; i < source.Length; i = i + 1 == start ? end : i + 1)
        {
            var count = rows * grid.Width.Taps(i, _countPadding);
            result[i] = count == 0 ? T.Zero : source[i] / T.CreateTruncating(count);
        }
    }
}

/// <summary>Joins the elements of all windows of a row of the output: first those above each
/// other, which lie as runs, then those beside each other. The order is fixed.</summary>
internal static class PoolingFold<T, TFold>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IFold
{
    // Fewer windows are joined one by one.
    private const int FewWindows = 8;

    /// <summary>Elements of a buffer: <see cref="PoolingAxis.Span"/> along the width, and the same once more, dealt
    /// out.</summary>
    public static int Buffer(PoolingAxis width) => width.Span + (Phases.Run(width.Span, width.Stride) * width.Stride);

    /// <summary>Fills a buffer with what changes nothing.</summary>
    public static void Prepare(Span<T> buffer) => buffer.Fill(TFold.Neutral<T>());

    /// <summary>Joins the windows of one row.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="depth">The row's windows along the depth.</param>
    /// <param name="height">The row's windows along the height.</param>
    /// <param name="plane">The plane of the input.</param>
    /// <param name="buffer">Once prepared.</param>
    /// <param name="row">Receives an element for each window of the row.</param>
    public static void Row(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> plane, Span<T> buffer,
        Span<T> row)
    {
        var above = buffer.Slice(grid.Width.Before, grid.Width.Covered);
        var isFirst = true;
        for (var d = grid.Depth.FirstTap(depth); d < grid.Depth.EndTap(depth); d++)
        {
            for (var h = grid.Height.FirstTap(height); h < grid.Height.EndTap(height); h++)
            {
                var source = plane.Slice(grid.Row(grid.Depth.At(depth, d), grid.Height.At(height, h)), above.Length);
                if (isFirst) source.CopyTo(above);
                else TFold.Join(above, source, above);
                isFirst = false;
            }
        }
        if (isFirst) Prepare(above);
        Across(grid.Width, buffer[..grid.Width.Span], buffer[grid.Width.Span..], row);
    }

    private static void Across(PoolingAxis width, ReadOnlySpan<T> buffer, Span<T> dealt, Span<T> row)
    {
        if (width.Stride > 1 && row.Length >= FewWindows)
        {
            Phases.Deal(buffer, width.Stride, dealt);
            var run = Phases.Run(buffer.Length, width.Stride);
            dealt[..row.Length].CopyTo(row);
            for (var tap = 1; tap < width.Kernel; tap++)
            {
                var (index, phase) = int.DivRem(tap * width.Dilation, width.Stride);
                TFold.Join(row, dealt.Slice((phase * run) + index, row.Length), row);
            }
            return;
        }
        if (width.Stride == 1)
        {
            buffer[..row.Length].CopyTo(row);
            for (var tap = 1; tap < width.Kernel; tap++)
                TFold.Join(row, buffer.Slice(tap * width.Dilation, row.Length), row);
            return;
        }
        for (var window = 0; window < row.Length; window++)
        {
            var at = window * width.Stride;
            var value = buffer[at];
            for (var tap = 1; tap < width.Kernel; tap++) value = TFold.Join(value, buffer[at + (tap * width.Dilation)]);
            row[window] = value;
        }
    }
}
