namespace PcActors.Functions;

/// <summary>What stands outside the input: a constant, its nearest element, its mirror image, or the input again.</summary>
internal enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The elements from the edge inwards, without the edge's own.</summary>
    Reflect,

    /// <summary>The elements from the other edge on.</summary>
    Wrap,
}
