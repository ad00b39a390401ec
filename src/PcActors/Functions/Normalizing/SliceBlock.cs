namespace PcActors.Functions;

/// <summary>Neighbouring slices along an axis that is not the last: a matrix whose columns are the slices.</summary>
/// <param name="Extent">Elements of a slice: the matrix's rows.</param>
/// <param name="Stride">From one row to the next.</param>
/// <param name="Width">How many slices: the matrix's columns.</param>
internal readonly record struct SliceBlock(int Extent, int Stride, int Width)
{
    /// <summary>One element of each slice.</summary>
    public ReadOnlySpan<T> Row<T>(ReadOnlySpan<T> block, int row) => block.Slice(row * Stride, Width);

    /// <summary>One element of each slice, for writing.</summary>
    public Span<T> Row<T>(Span<T> block, int row) => block.Slice(row * Stride, Width);
}
