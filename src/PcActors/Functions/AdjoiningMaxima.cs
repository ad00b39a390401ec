using System.Buffers;
using System.Numerics;

namespace PcActors.Functions;

/// <summary>Pulls errors back to the largest elements of windows that lie side by side: each element is in one of
/// them at most. Rows of small windows are looked at together, over planes, so that runs are long even where planes
/// are small.</summary>
internal static class AdjoiningMaxima<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Elements that are looked at together: they stay in the first cache with what is made of them.
    private const int Elements = 4096;
    private const int MostTaps = 64;

    /// <summary>Whether a pooling's windows are small and lie side by side, without padding.</summary>
    public static bool Are(in PoolingGrid grid) =>
        grid.Adjoins && (long)grid.Depth.Kernel * grid.Height.Kernel * grid.Width.Kernel <= MostTaps;

    /// <summary>Pulls back to whole planes.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="from">The first plane.</param>
    /// <param name="to">The end of the planes.</param>
    /// <param name="x">What was pooled.</param>
    /// <param name="prediction">The windows' largest elements.</param>
    /// <param name="error">The windows' errors.</param>
    /// <param name="result">Receives what is pulled back.</param>
    public static void PullBack(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> prediction,
        ReadOnlySpan<T> error, Span<T> result)
    {
        if (!Cover(grid.Depth) || !Cover(grid.Height) || !Cover(grid.Width))
            result[(from * grid.InputPlane)..(to * grid.InputPlane)].Clear();
        if (PairedWindows.Are<T>(grid)) PairedWindows.PullBack(grid, from, to, x, prediction, error, result);
        else Together(grid, from, to, x, prediction, error, result);
    }

    private static void Together(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, ReadOnlySpan<T> prediction,
        ReadOnlySpan<T> error, Span<T> result)
    {
        var (count, end) = (grid.Width.Count, to * grid.OutputPlane);
        var taps = grid.Depth.Kernel * grid.Height.Kernel * grid.Width.Kernel;
        var most = Math.Max(1, Elements / (taps * count)) * count;
        var buffer = ArrayPool<T>.Shared.Rent(((2 * taps) + 1) * most);
        for (var start = from * grid.OutputPlane; start < end; start += most)
        {
            var length = Math.Min(most, end - start);
            var lines = buffer.AsSpan(0, taps * length);
            var runs = buffer.AsSpan(taps * length, taps * length);
            var own = buffer.AsSpan(2 * taps * length, length);
            Take(grid, start, length, x, lines);
            Deal(grid, length, lines, runs);
            WindowTaps<T>.MarkNone(own);
            for (var tap = taps - 1; tap >= 0; tap--)
                WindowTaps<T>.Mark(T.CreateTruncating(tap), runs.Slice(tap * length, length),
                    prediction.Slice(start, length), own);
            runs.Clear();
            for (var tap = 0; tap < taps; tap++)
                WindowTaps<T>.Add(T.CreateTruncating(tap), runs.Slice(tap * length, length),
                    error.Slice(start, length), own);
            Gather(grid, length, runs, lines);
            Give(grid, start, length, lines, result);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    private static bool Cover(PoolingAxis axis) => axis.Count * axis.Kernel == axis.Extent;

    // Lines: for each tap along depth and height the input's rows, one behind the other.
    private static void Take(in PoolingGrid grid, int start, int length, ReadOnlySpan<T> x, Span<T> lines)
    {
        var (width, line) = (grid.Width.Count * grid.Width.Kernel, grid.Width.Kernel * length);
        var (depths, heights) = (grid.Depth.Kernel, grid.Height.Kernel);
        foreach (var row in grid.Rows(start, start + length))
        {
            var to = (row.At - start) * grid.Width.Kernel;
            for (var d = 0; d < depths; d++)
            {
                var from = row.Start + grid.Row((row.Depth * depths) + d, row.Height * heights);
                for (var h = 0; h < heights; h++, to += line, from += grid.Width.Extent)
                    x.Slice(from, width).CopyTo(lines[to..]);
            }
        }
    }

    private static void Give(in PoolingGrid grid, int start, int length, ReadOnlySpan<T> lines, Span<T> result)
    {
        var (width, line) = (grid.Width.Count * grid.Width.Kernel, grid.Width.Kernel * length);
        var (depths, heights) = (grid.Depth.Kernel, grid.Height.Kernel);
        foreach (var row in grid.Rows(start, start + length))
        {
            var from = (row.At - start) * grid.Width.Kernel;
            for (var d = 0; d < depths; d++)
            {
                var to = row.Start + grid.Row((row.Depth * depths) + d, row.Height * heights);
                for (var h = 0; h < heights; h++, from += line, to += grid.Width.Extent)
                    lines.Slice(from, width).CopyTo(result[to..]);
            }
        }
    }

    // Runs: for each tap of a window the windows' elements, one beside the other.
    private static void Deal(in PoolingGrid grid, int length, ReadOnlySpan<T> lines, Span<T> runs)
    {
        var line = grid.Width.Kernel * length;
        for (var at = 0; at < lines.Length; at += line)
            Phases.Deal(lines.Slice(at, line), grid.Width.Kernel, runs.Slice(at, line));
    }

    private static void Gather(in PoolingGrid grid, int length, ReadOnlySpan<T> runs, Span<T> lines)
    {
        var line = grid.Width.Kernel * length;
        for (var at = 0; at < lines.Length; at += line)
            Phases.Gather(runs.Slice(at, line), grid.Width.Kernel, lines.Slice(at, line));
    }
}
