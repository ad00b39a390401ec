namespace PcActors.Functions;

/// <summary>The rows of a pooling's output, one after the other, over all planes.</summary>
/// <param name="grid">Where the windows are.</param>
/// <param name="length">Elements of the output.</param>
internal struct PoolingRows(PoolingGrid grid, int length)
{
    private int _row = -1;

    /// <summary>The row at hand.</summary>
    public readonly PoolingRow Current
    {
        get
        {
            var (above, height) = int.DivRem(_row, grid.Height.Count);
            var (plane, depth) = int.DivRem(above, grid.Depth.Count);
            return new PoolingRow(plane * grid.InputPlane, depth, height, _row * grid.Width.Count);
        }
    }

    /// <summary>Goes on to the next row.</summary>
    public bool MoveNext() => ++_row * grid.Width.Count < length;

    /// <summary>Itself, for a loop over the rows.</summary>
    public readonly PoolingRows GetEnumerator() => this;
}

/// <summary>A row of a pooling's output.</summary>
/// <param name="Start">Where its plane begins in the input.</param>
/// <param name="Depth">Its place along the depth.</param>
/// <param name="Height">Its place along the height.</param>
/// <param name="At">Where it begins in the output.</param>
internal readonly record struct PoolingRow(int Start, int Depth, int Height, int At);
