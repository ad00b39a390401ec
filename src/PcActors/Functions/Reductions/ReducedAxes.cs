using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>Axes over which a function reduces or normalises, or all of them.</summary>
/// <param name="axes">The axes, negative to count from the last.</param>
/// <param name="all">Whether it is all axes instead.</param>
internal sealed class ReducedAxes(int[] axes, bool all)
{
    /// <summary>The axes as they were given.</summary>
    public ReadOnlySpan<int> Listed => axes;

    /// <summary>Whether an axis, counted from 0, is reduced.</summary>
    public bool Contains(int axis, int rank)
    {
        if (all) return true;
        foreach (var reduced in axes)
        {
            if (reduced == axis || reduced == axis - rank) return true;
        }
        return false;
    }

    /// <summary>How many elements are left of a shape.</summary>
    public int LengthLeft(Shape shape)
    {
        var length = 1;
        for (var axis = 0; axis < shape.Rank; axis++) length *= Contains(axis, shape.Rank) ? 1 : shape.Dimensions[axis];
        return length;
    }

    /// <summary>The loop over a shape in which what is left of it is the first operand, with stride 0 along reduced axes.</summary>
    /// <param name="shape">The shape, not empty.</param>
    /// <param name="scratch">Of <see cref="StridedLoop.Scratch"/> elements for one operand.</param>
    public StridedLoop Loop(Shape shape, Span<int> scratch)
    {
        var rest = LengthLeft(shape);
        var loop = new StridedLoop(1, scratch);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            var reduced = Contains(axis, shape.Rank);
            rest /= reduced ? 1 : shape.Dimensions[axis];
            loop.Append(shape.Dimensions[axis], reduced ? 0 : rest);
        }
        return loop;
    }
}
