using System.Numerics;
using System.Runtime.InteropServices;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels;

/// <summary>Whether elements are the same to the bit: a pass over memory where they are, and where they are not
/// seldom more than a look.</summary>
internal static class SameBits
{
    private const int BlockLength = 64;

    // The bytes of a longer span may be more than an int counts.
    private const int Longest = 1 << 24;

    /// <summary>Whether two spans of one length have the same bits: 0 is not -0, and a NaN is the same NaN.</summary>
    public static bool In<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (; x.Length > Longest; x = x[Longest..], y = y[Longest..])
        {
            if (!MemoryMarshal.AsBytes(x[..Longest]).SequenceEqual(MemoryMarshal.AsBytes(y[..Longest]))) return false;
        }
        return MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y));
    }

    /// <summary>Stores x + y.</summary>
    /// <param name="x">The first terms.</param>
    /// <param name="y">The second terms.</param>
    /// <param name="sum">Receives the sums.</param>
    /// <returns>Whether they are, to the bit, what was there before.</returns>
    public static bool After<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> block = stackalloc T[BlockLength];
        for (var start = 0; start < sum.Length; start += BlockLength)
        {
            var length = Math.Min(BlockLength, sum.Length - start);
            TensorPrimitives.Add(x.Slice(start, length), y.Slice(start, length), block);
            if (In<T>(block[..length], sum.Slice(start, length))) continue;
            TensorPrimitives.Add(x[start..], y[start..], sum[start..]);
            return false;
        }
        return true;
    }
}
