using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>The way back from a row of windows to the elements that they hold.</summary>
internal static class PoolingSpread<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds each window's share to its taps along the width.</summary>
    public static void Along(PoolingAxis width, ReadOnlySpan<T> shares, Span<T> line)
    {
        line.Clear();
        for (var tap = 0; tap < width.Kernel; tap++)
        {
            var at = tap * width.Dilation;
            if (width.Stride == 1)
            {
                Arithmetic.AddTo(shares, line[at..]);
                continue;
            }
            for (var i = 0; i < shares.Length; i++, at += width.Stride) line[at] += shares[i];
        }
    }

    /// <summary>Adds a line to each input row of a row of windows.</summary>
    public static void AddToRows(in PoolingGrid grid, int depth, int height, ReadOnlySpan<T> line, Span<T> plane)
    {
        for (var d = grid.Depth.FirstTap(depth); d < grid.Depth.EndTap(depth); d++)
        {
            for (var h = grid.Height.FirstTap(height); h < grid.Height.EndTap(height); h++)
                Arithmetic.AddTo(line, plane[grid.Row(grid.Depth.At(depth, d), grid.Height.At(height, h))..]);
        }
    }
}
