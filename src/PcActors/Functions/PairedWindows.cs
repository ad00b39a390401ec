using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PcActors.Functions;

/// <summary>The largest elements of windows that are two elements wide and lie side by side, and what is pulled back to
/// them: four windows at a time, from the input to the result without a step between.</summary>
internal static unsafe class PairedWindows
{
    // Windows that are looked at together: their elements by one row of taps fill two registers.
    private const int Windows = 4;

    /// <summary>Whether a pooling's windows are such.</summary>
    public static bool Are<T>(in PoolingGrid grid)
        where T : unmanaged =>
        typeof(T) == typeof(float) && grid.Adjoins && grid.Width.Kernel == 2 && grid.Width.Count >= Windows;

    /// <summary>The windows' largest elements.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="from">Where the first row begins in the output.</param>
    /// <param name="to">Where the last one ends.</param>
    /// <param name="x">The input.</param>
    /// <param name="largest">The output.</param>
    public static void Largest<T>(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x, Span<T> largest)
        where T : unmanaged
    {
        var rows = new Rows(grid);
        fixed (T* px = x, result = largest)
        {
            foreach (var row in grid.Rows(from, to))
                Largest(rows, (float*)px + Rows.Start(grid, row), (float*)result + row.At);
        }
    }

    /// <summary>Pulls back to whole planes, of which elements outside all windows keep what they have.</summary>
    /// <param name="grid">The windows.</param>
    /// <param name="from">The first plane.</param>
    /// <param name="to">The end of the planes.</param>
    /// <param name="x">What was pooled.</param>
    /// <param name="prediction">The windows' largest elements.</param>
    /// <param name="error">The windows' errors.</param>
    /// <param name="result">Receives what is pulled back.</param>
    public static void PullBack<T>(in PoolingGrid grid, int from, int to, ReadOnlySpan<T> x,
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> error, Span<T> result)
        where T : unmanaged
    {
        var rows = new Rows(grid);
        fixed (T* px = x, largest = prediction, pe = error, pulled = result)
        {
            foreach (var row in grid.Rows(from * grid.OutputPlane, to * grid.OutputPlane))
            {
                var start = Rows.Start(grid, row);
                PullBack(
                    rows, (float*)px + start, (float*)largest + row.At, (float*)pe + row.At, (float*)pulled + start);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest(in Rows rows, float* x, float* largest)
    {
        for (var next = 0; next < rows.Count; next += Windows)
        {
            // The last windows may be some of those before.
            var at = Math.Min(next, rows.Count - Windows);
            var from = x + (2 * at);
            var (left, right) = (Vector128.Load(from), Vector128.Load(from + Windows));
            for (var tap = 1; tap < rows.Taps; tap++)
            {
                var row = from + rows.Offset(tap);
                left = Vector128.Max(left, Vector128.Load(row));
                right = Vector128.Max(right, Vector128.Load(row + Windows));
            }
            var even = Vector128.Narrow(left.AsUInt64(), right.AsUInt64()).AsSingle();
            var odd = Vector128.Narrow(left.AsUInt64() >>> 32, right.AsUInt64() >>> 32).AsSingle();
            Vector128.Max(even, odd).Store(largest + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PullBack(in Rows rows, float* x, float* largest, float* error, float* result)
    {
        for (var next = 0; next < rows.Count; next += Windows)
        {
            var at = Math.Min(next, rows.Count - Windows);
            var max = Vector128.Load(largest + at).AsUInt32();
            // 0 and an error, as a sum that begins with 0: it is never -0.
            var pulled = (Vector128<float>.Zero + Vector128.Load(error + at)).AsUInt32();
            var (maxLeft, maxRight) = (Twice(Vector128.WidenLower(max)), Twice(Vector128.WidenUpper(max)));
            var (errorLeft, errorRight) = (Twice(Vector128.WidenLower(pulled)), Twice(Vector128.WidenUpper(pulled)));
            var (doneLeft, doneRight) = (Vector128<ulong>.Zero, Vector128<ulong>.Zero);
            for (var tap = 0; tap < rows.Taps; tap++)
            {
                var offset = rows.Offset(tap) + (2 * at);
                (First(x + offset, maxLeft, ref doneLeft) & errorLeft).Store((ulong*)(result + offset));
                (First(x + offset + Windows, maxRight, ref doneRight) & errorRight)
                    .Store((ulong*)(result + offset + Windows));
            }
        }
    }

    /// <summary>Of two windows, the elements of a row of taps that are the first not less than the largest.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="max">The largest, one for each element.</param>
    /// <param name="done">The windows that have one already; afterwards also those that have one here.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> First(float* x, Vector128<ulong> max, ref Vector128<ulong> done)
    {
        var candidates = ~Vector128.LessThan(Vector128.Load(x), max.AsSingle()).AsUInt64();
        var first = Vector128.AndNot(Vector128.AndNot(candidates, candidates << 32), done);
        done |= candidates | (candidates << 32) | (candidates >>> 32);
        return first;
    }

    // Each element twice, beside itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Twice(Vector128<ulong> lower) => lower | (lower << 32);

    /// <summary>The rows of the input that a row of windows reads.</summary>
    private readonly struct Rows(in PoolingGrid grid)
    {
        private readonly int _heights = grid.Height.Kernel;
        private readonly nint _row = grid.Width.Extent;
        private readonly nint _plane = (nint)grid.Height.Extent * grid.Width.Extent;

        /// <summary>Windows of a row.</summary>
        public int Count { get; } = grid.Width.Count;

        /// <summary>How many rows.</summary>
        public int Taps { get; } = grid.Depth.Kernel * grid.Height.Kernel;

        /// <summary>From the first to another one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Offset(int tap) =>
            tap < _heights ? tap * _row : ((tap / _heights) * _plane) + ((tap % _heights) * _row);

        /// <summary>Where the first one begins.</summary>
        public static nint Start(in PoolingGrid grid, in PoolingRow row) => row.Start
            + grid.Row(row.Depth * grid.Depth.Kernel, row.Height * grid.Height.Kernel);
    }
}
