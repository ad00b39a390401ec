using System.Diagnostics.CodeAnalysis;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>Equal blocks of a last axis, which a Slice takes: the gates of a cell.</summary>
internal static class BlockSlices
{
    /// <summary>Whether a vertex is a Slice of blocks side by side.</summary>
    /// <param name="vertex">The vertex.</param>
    /// <param name="blocks">How many the last axis has.</param>
    /// <param name="first">The first that is taken.</param>
    /// <param name="count">How many are.</param>
    /// <param name="whole">What they are taken of.</param>
    public static bool IsOf(RewritableVertex vertex, int blocks, int first, int count,
        [NotNullWhen(true)] out RewritableVertex? whole)
    {
        whole = null;
        if (BoundsOf(vertex) is not var (start, end)) return false;
        var extent = vertex.Inputs[0].Shape[-1];
        if (extent % blocks != 0 || start * blocks != (long)first * extent
            || end * blocks != (long)(first + count) * extent) return false;
        whole = vertex.Inputs[0];
        return true;
    }

    /// <summary>Which one of the blocks a Slice takes; -1 where it is no such Slice.</summary>
    public static int BlockOf(RewritableVertex vertex, int blocks)
    {
        for (var block = 0; block < blocks; block++)
        {
            if (IsOf(vertex, blocks, block, 1, out _)) return block;
        }
        return -1;
    }

    private static (long Start, long End)? BoundsOf(RewritableVertex vertex)
    {
        if (vertex is not { Operator: "Slice", Inputs: [{ Shape.Rank: > 0 } x] }
            || vertex.Attributes.Integers("starts") is not [var start]
            || vertex.Attributes.Integers("ends") is not [var end]
            || vertex.Attributes.Integers("steps") is not (null or [1])) return null;
        // Without axes it is the first.
        var axis = vertex.Attributes.Integers("axes") is [var given] ? x.Shape.Axis(checked((int)given)) : 0;
        if (axis != x.Shape.Rank - 1) return null;
        var extent = x.Shape[-1];
        return (Place(start), Place(end));

        long Place(long at) => Math.Clamp(at < 0 ? at + extent : at, 0, extent);
    }
}
