using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PcActors.Functions;

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
        var end = offset >= source.Length ? 0 : Math.Min(largest.Length, (source.Length - offset + width.Stride - 1) / width.Stride);
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
