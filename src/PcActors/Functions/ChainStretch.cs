using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A part of a chain's elements in a row, with buffers as long.</summary>
/// <param name="inputs">The chain's inputs.</param>
/// <param name="start">The first element.</param>
/// <param name="length">How many there are.</param>
/// <param name="buffers">The buffers.</param>
internal readonly ref struct ChainStretch<T>(
    ReadOnlySpan<Tensor<T>> inputs, int start, int length, Span<T> buffers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<Tensor<T>> _inputs = inputs;
    private readonly Span<T> _buffers = buffers;

    /// <summary>The elements of the chain's own input.</summary>
    public ReadOnlySpan<T> X => _inputs[0].Span.Slice(start, length);

    /// <summary>A buffer.</summary>
    public Span<T> Buffer(int index) => _buffers.Slice(index * length, length);

    /// <summary>An input that is a constant: one element if it is one for all.</summary>
    /// <param name="input">Which input.</param>
    /// <param name="buffer">The buffer that it is repeated into, where it must be.</param>
    public ReadOnlySpan<T> Constant(int input, int buffer)
    {
        var (constant, x) = (_inputs[input], _inputs[0].Shape);
        if (constant.Length == 1) return constant.Span;
        if (constant.Length == x.Length) return constant.Span.Slice(start, length);
        var repeated = Buffer(buffer);
        ChainConstants.Repeat(constant.Span, ChainConstants.Repeats(constant.Shape, x)!.Value, start, repeated);
        return repeated;
    }
}

/// <summary>Constants of a chain: element i has the constant's element (i / repeats) mod its length.</summary>
internal static class ChainConstants
{
    /// <summary>How many neighbours share an element of a constant; null where its axes do not lie side by side in
    /// the value's shape, or enlarge it.</summary>
    public static int? Repeats(Shape constant, Shape x)
    {
        if (constant.Rank > x.Rank) return null;
        if (constant.Length == 1) return Math.Max(1, x.Length);
        var (offset, repeats, isBehind, isBefore) = (x.Rank - constant.Rank, 1, true, false);
        for (var axis = constant.Rank - 1; axis >= 0; axis--)
        {
            var (own, whole) = (constant[axis], x[offset + axis]);
            if (own != whole && own != 1) return null;
            if (own != 1)
            {
                if (isBefore) return null;
                isBehind = false;
            }
            else if (whole != 1)
            {
                if (isBehind) repeats *= whole;
                else isBefore = true;
            }
        }
        return repeats;
    }

    /// <summary>The elements for those of a value from one on.</summary>
    public static void Repeat<T>(ReadOnlySpan<T> constant, int repeats, int start, Span<T> result)
    {
        for (var done = 0; done < result.Length;)
        {
            var (group, within) = Math.DivRem(start + done, repeats);
            var element = group % constant.Length;
            var count = Math.Min(result.Length - done, repeats > 1 ? repeats - within : constant.Length - element);
            if (repeats > 1) result.Slice(done, count).Fill(constant[element]);
            else constant.Slice(element, count).CopyTo(result[done..]);
            done += count;
        }
    }
}
