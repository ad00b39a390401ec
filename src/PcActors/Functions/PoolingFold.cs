using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Functions;

/// <summary>Joins the elements of all windows of a row of the output, or of many: first those above each other, which
/// lie as runs, then those beside each other. The order is fixed.</summary>
internal static class PoolingFold<T, TFold>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IFold
{
    // Fewer windows are joined one by one.
    private const int FewWindows = 8;

    // Elements that are joined together: they stay in the first cache with what is made of them.
    private const int Together = 2048;

    /// <summary>Elements of a buffer: <see cref="PoolingAxis.Span"/> along the width, and the same once more, dealt
    /// out.</summary>
    public static int Buffer(PoolingAxis width) => width.Span + Phases.Length(width.Span, width.Stride);

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
        Above(grid, depth, height, plane, buffer.Slice(grid.Width.Before, grid.Width.Covered));
        Across(grid.Width, buffer[..grid.Width.Span], buffer[grid.Width.Span..], row);
    }

    /// <summary>Joins the windows of many rows that lie side by side: what lies above each other row by row, what
    /// lies beside each other together, over planes, so that runs are long even where rows are short.</summary>
    /// <param name="grid">The windows, which adjoin.</param>
    /// <param name="from">Where the first row begins in the output.</param>
    /// <param name="to">Where the last one ends.</param>
    /// <param name="x">The input.</param>
    /// <param name="result">The output.</param>
    public static void Adjoining(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, Span<T> result)
    {
        var (count, kernel) = (grid.Width.Count, grid.Width.Kernel);
        var most = Math.Max(1, Together / (count * kernel)) * count;
        var buffer = ArrayPool<T>.Shared.Rent(2 * most * kernel);
        for (var start = from; start < to; start += most)
        {
            var length = Math.Min(most, to - start);
            var above = buffer.AsSpan(0, length * kernel);
            foreach (var row in grid.Rows(start, start + length))
                Above(grid, row.Depth, row.Height, x.Slice(row.Start, grid.InputPlane),
                    above.Slice((row.At - start) * kernel, count * kernel));
            Across(grid.Width with { Extent = above.Length, Count = length }, above, buffer.AsSpan(above.Length),
                result.Slice(start, length));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Above(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> plane, Span<T> above)
    {
        ReadOnlySpan<T> first = default;
        var taps = 0;
        for (var d = grid.Depth.FirstTap(depth); d < grid.Depth.EndTap(depth); d++)
        {
            for (var h = grid.Height.FirstTap(height); h < grid.Height.EndTap(height); h++, taps++)
            {
                var source = plane.Slice(grid.Row(grid.Depth.At(depth, d), grid.Height.At(height, h)), above.Length);
                if (taps == 0) first = source;
                else TFold.Join(taps == 1 ? first : above, source, above);
            }
        }
        if (taps == 0) Prepare(above);
        else if (taps == 1) first.CopyTo(above);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
