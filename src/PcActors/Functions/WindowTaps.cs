using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PcActors.Functions;

/// <summary>By which tap each of a run of windows has its largest element, and what is pulled back to it. A tap is a
/// number.</summary>
internal static class WindowTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tap of a window that has padding alone.</summary>
    public const int None = -1;

    /// <summary>Elements of a register for what wide ones leave over; of a type that has none, more than there can be.
    /// </summary>
    private static int Rest => Vector128<T>.IsSupported ? Vector128<T>.Count : int.MaxValue;

    /// <summary>Begins with no tap for any window.</summary>
    public static void MarkNone(Span<T> taps) => taps.Fill(T.CreateTruncating(None));

    /// <summary>Sets a tap for the windows whose element by it is not less than their largest.</summary>
    /// <param name="tap">The tap's number.</param>
    /// <param name="x">The windows' elements by it.</param>
    /// <param name="largest">Their largest elements.</param>
    /// <param name="taps">The windows' taps.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mark(T tap, ReadOnlySpan<T> x, ReadOnlySpan<T> largest, Span<T> taps)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var max = ref MemoryMarshal.GetReference(largest);
        ref var to = ref MemoryMarshal.GetReference(taps);
        var i = 0;
        if (Vector256<T>.IsSupported)
        {
            var number = Vector256.Create(tap);
            for (; i <= x.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                var isLess = Vector256.LessThan(
                    Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref max, (nuint)i));
                var before = Vector256.LoadUnsafe(ref to, (nuint)i);
                Vector256.ConditionalSelect(isLess, before, number).StoreUnsafe(ref to, (nuint)i);
            }
        }
        // A rest overlaps what is done already, to which it does the same again.
        for (; i < x.Length && Rest <= x.Length; i += Rest)
        {
            i = Math.Min(i, x.Length - Rest);
            var isLess = Vector128.LessThan(
                Vector128.LoadUnsafe(ref from, (nuint)i), Vector128.LoadUnsafe(ref max, (nuint)i));
            var before = Vector128.LoadUnsafe(ref to, (nuint)i);
            Vector128.ConditionalSelect(isLess, before, Vector128.Create(tap)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            if (!(Unsafe.Add(ref from, i) < Unsafe.Add(ref max, i))) Unsafe.Add(ref to, i) = tap;
        }
    }

    /// <summary>Adds the errors of the windows that have a tap.</summary>
    /// <param name="tap">The tap's number.</param>
    /// <param name="pulled">What is pulled back to the windows' elements by it.</param>
    /// <param name="error">The windows' errors.</param>
    /// <param name="taps">The windows' taps.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(T tap, Span<T> pulled, ReadOnlySpan<T> error, ReadOnlySpan<T> taps)
    {
        ref var to = ref MemoryMarshal.GetReference(pulled);
        ref var from = ref MemoryMarshal.GetReference(error);
        ref var own = ref MemoryMarshal.GetReference(taps);
        var i = 0;
        if (Vector256<T>.IsSupported)
        {
            var number = Vector256.Create(tap);
            for (; i <= pulled.Length - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                // No sum is -0: adding 0 changes nothing.
                var part = Vector256.Equals(Vector256.LoadUnsafe(ref own, (nuint)i), number)
                    & Vector256.LoadUnsafe(ref from, (nuint)i);
                (Vector256.LoadUnsafe(ref to, (nuint)i) + part).StoreUnsafe(ref to, (nuint)i);
            }
        }
        // A rest overlaps what is done already, to which it adds zeros.
        for (; i < pulled.Length && Rest <= pulled.Length; i += Rest)
        {
            var done = Math.Max(0, i - (pulled.Length - Rest));
            i -= done;
            var part = Vector128.Equals(Vector128.LoadUnsafe(ref own, (nuint)i), Vector128.Create(tap))
                & Vector128.GreaterThanOrEqual(Vector128<T>.Indices, Vector128.Create(T.CreateTruncating(done)))
                & Vector128.LoadUnsafe(ref from, (nuint)i);
            (Vector128.LoadUnsafe(ref to, (nuint)i) + part).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < pulled.Length; i++)
        {
            if (Unsafe.Add(ref own, i) == tap) Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }
}
