using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PcActors.Functions;

/// <summary>A row dealt out into runs: element i is in run i % count. What lies a stride apart in the row lies side by
/// side in a run.</summary>
internal static class Phases
{
    /// <summary>Elements of each run of a row.</summary>
    public static int Run(int length, int count) => ((length - 1) / count) + 1;

    /// <summary>Elements of all runs of a row; those beyond its end are not there.</summary>
    public static int Length(int length, int count) => Run(length, count) * Math.Min(length, count);

    /// <summary>Deals a row out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="count">How many runs there are.</param>
    /// <param name="runs">Receives them, one after the other.</param>
    public static void Deal<T>(ReadOnlySpan<T> row, int count, Span<T> runs)
        where T : unmanaged
    {
        var run = Run(row.Length, count);
        var done = count == 2 && Unsafe.SizeOf<T>() == sizeof(uint)
            ? DealPairs(Words(row), MemoryMarshal.Cast<T, uint>(runs), run)
            : 0;
        for (var phase = 0; phase < Math.Min(count, row.Length); phase++)
        {
            var to = runs.Slice(phase * run, run);
            var end = InPhase(row.Length, phase, count);
            for (var i = done; i < end; i++) to[i] = row[phase + (i * count)];
        }
    }

    /// <summary>Puts a row together again.</summary>
    public static void Gather<T>(ReadOnlySpan<T> runs, int count, Span<T> row)
        where T : unmanaged
    {
        var run = Run(row.Length, count);
        var done = count == 2 && Unsafe.SizeOf<T>() == sizeof(uint)
            ? GatherPairs(Words(runs), run, MemoryMarshal.Cast<T, uint>(row))
            : 0;
        for (var phase = 0; phase < Math.Min(count, row.Length); phase++)
        {
            var from = runs.Slice(phase * run, run);
            var end = InPhase(row.Length, phase, count);
            for (var i = done; i < end; i++) row[phase + (i * count)] = from[i];
        }
    }

    private static int InPhase(int length, int phase, int count) => ((length - 1 - phase) / count) + 1;

    private static ReadOnlySpan<uint> Words<T>(ReadOnlySpan<T> elements)
        where T : unmanaged =>
        MemoryMarshal.Cast<T, uint>(elements);

    // Pairs as wholes: a run has their lower halves, the other one their upper halves.
    private static int DealPairs(ReadOnlySpan<uint> row, Span<uint> runs, int run)
    {
        var pairs = row.Length / 2;
        if (pairs < Vector256<uint>.Count) return 0;
        ref var from = ref MemoryMarshal.GetReference(row[..(2 * pairs)]);
        ref var even = ref MemoryMarshal.GetReference(runs[..(2 * run)]);
        ref var odd = ref Unsafe.Add(ref even, run);
        for (var next = 0; next < pairs; next += Vector256<uint>.Count)
        {
            // The last registers may overlap those before.
            var at = (nuint)Math.Min(next, pairs - Vector256<uint>.Count);
            var lower = Vector256.LoadUnsafe(ref from, 2 * at).AsUInt64();
            var upper = Vector256.LoadUnsafe(ref from, (2 * at) + (nuint)Vector256<uint>.Count).AsUInt64();
            Vector256.Narrow(lower, upper).StoreUnsafe(ref even, at);
            Vector256.Narrow(lower >>> 32, upper >>> 32).StoreUnsafe(ref odd, at);
        }
        return pairs;
    }

    private static int GatherPairs(ReadOnlySpan<uint> runs, int run, Span<uint> row)
    {
        var pairs = row.Length / 2;
        if (pairs < Vector256<uint>.Count) return 0;
        ref var to = ref MemoryMarshal.GetReference(row[..(2 * pairs)]);
        ref var even = ref MemoryMarshal.GetReference(runs[..(2 * run)]);
        ref var odd = ref Unsafe.Add(ref even, run);
        for (var next = 0; next < pairs; next += Vector256<uint>.Count)
        {
            var at = (nuint)Math.Min(next, pairs - Vector256<uint>.Count);
            var (low, high) = (Vector256.LoadUnsafe(ref even, at), Vector256.LoadUnsafe(ref odd, at));
            var lower = Vector256.WidenLower(low) | (Vector256.WidenLower(high) << 32);
            var upper = Vector256.WidenUpper(low) | (Vector256.WidenUpper(high) << 32);
            lower.AsUInt32().StoreUnsafe(ref to, 2 * at);
            upper.AsUInt32().StoreUnsafe(ref to, (2 * at) + (nuint)Vector256<uint>.Count);
        }
        return pairs;
    }
}
