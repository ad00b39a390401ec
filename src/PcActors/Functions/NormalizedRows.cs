namespace PcActors.Functions;

/// <summary>How an array is cut into rows that are normalised by their own moments, and which
/// parameter an element has: element i has parameter (i / <paramref name="Segment"/>) mod
/// <paramref name="Parameters"/>.</summary>
/// <param name="Length">Elements of a row.</param>
/// <param name="Segment">Neighbours that share a parameter: a divisor of a row, or a multiple of it.</param>
/// <param name="Parameters">How many parameters there are.</param>
internal readonly record struct NormalizedRows(int Length, int Segment, int Parameters)
{
    /// <summary>The parameter of an element.</summary>
    public int ParameterAt(int element) => element / Segment % Parameters;
}
