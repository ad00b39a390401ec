using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>What a window's elements are joined by.</summary>
internal interface IPoolingFold
{
    /// <summary>What changes nothing.</summary>
    static abstract T Neutral<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins two elements.</summary>
    static abstract T Join<T>(T x, T y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Joins the elements of two runs; the result may be either.</summary>
    static abstract void Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The larger one; NaN when one is.</summary>
internal readonly struct LargestFold : IPoolingFold
{
    static T IPoolingFold.Neutral<T>() => T.NegativeInfinity;

    static T IPoolingFold.Join<T>(T x, T y) => T.Max(x, y);

    static void IPoolingFold.Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Max(x, y, result);
}

/// <summary>The sum.</summary>
internal readonly struct SumFold : IPoolingFold
{
    static T IPoolingFold.Neutral<T>() => T.Zero;

    static T IPoolingFold.Join<T>(T x, T y) => x + y;

    static void IPoolingFold.Join<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) => TensorPrimitives.Add(x, y, result);
}

/// <summary>Joins the elements of all windows of a row of the output: first those above each other, which lie as runs, then
/// those beside each other. The order is fixed.</summary>
internal static class PoolingFold<T, TFold>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IPoolingFold
{
    /// <summary>Fills a buffer of <see cref="PoolingAxis.Span"/> elements along the width with what changes nothing.</summary>
    public static void Prepare(Span<T> buffer) => buffer.Fill(TFold.Neutral<T>());

    /// <summary>Joins the windows of one row.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="depth">The row's windows along the depth.</param>
    /// <param name="height">The row's windows along the height.</param>
    /// <param name="plane">The plane of the input.</param>
    /// <param name="buffer">Once prepared.</param>
    /// <param name="row">Receives an element for each window of the row.</param>
    public static void Row(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> plane, Span<T> buffer, Span<T> row)
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
        Across(grid.Width, buffer, row);
    }

    private static void Across(PoolingAxis width, ReadOnlySpan<T> buffer, Span<T> row)
    {
        if (width.Stride == 1)
        {
            buffer[..row.Length].CopyTo(row);
            for (var tap = 1; tap < width.Kernel; tap++) TFold.Join(row, buffer.Slice(tap * width.Dilation, row.Length), row);
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
