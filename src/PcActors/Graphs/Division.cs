namespace PcActors.Graphs;

/// <summary>A vertex's value in parts: one for each index of an axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Count">How many parts: the axis's extent, or for a weight in scalars the number of its elements.</param>
/// <param name="IsElements">Whether each part is one element, in row-major order.</param>
internal readonly record struct Division(int Axis, int Count, bool IsElements = false);

/// <summary>How an edge's consumer reads its input in the finer graph.</summary>
internal enum Reading
{
    /// <summary>All of it, in one vertex.</summary>
    Whole,

    /// <summary>Each part of the consumer reads the part of the same index; or the whole, where it is broadcast.</summary>
    Aligned,

    /// <summary>All parts, each by a product of its own.</summary>
    AllParts,

    /// <summary>As the weight of a layer that is divided.</summary>
    Weight,
}
