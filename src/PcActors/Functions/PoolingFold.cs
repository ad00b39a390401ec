using System.Numerics;

namespace PcActors.Functions;

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
