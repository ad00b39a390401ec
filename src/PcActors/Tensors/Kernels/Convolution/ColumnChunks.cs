namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>How the outputs of a batch are cut into products: a part of a sample's where
/// there are many, those of several samples where there are few.</summary>
/// <remarks>The output channels have no say: a layer that is split by them keeps its bits.</remarks>
internal readonly struct ColumnChunks
{
    // Elements of a matrix of columns that stays in a usual second-level cache, with the rest of the product.
    private const int UsualElements = 160 * 1024;
    private const int FewColumns = 128;
    private const int ManyColumns = 1024;

    /// <summary>Cuts the outputs of a convolution.</summary>
    public ColumnChunks(in ConvolutionShape shape)
    {
        var columns = Math.Clamp(UsualElements / Math.Max(shape.Terms, 1), FewColumns, ManyColumns);
        // Whole blocks of K where the columns are summed over.
        if (columns > MatrixProduct.BlockLength)
            columns = columns / MatrixProduct.BlockLength * MatrixProduct.BlockLength;
        var outputs = shape.Outputs;
        Samples = Math.Clamp(columns / outputs, 1, Math.Max(shape.Samples, 1));
        var parts = ((outputs - 1) / columns) + 1;
        Columns = parts == 1 ? outputs : Math.Min(RoundUp((outputs / parts) + 1), outputs);
        Stride = RoundUp(Samples * Columns) + Line;
    }

    // Elements by which rows are set apart: a power of two between them would crowd a few sets of the cache.
    private const int Line = 16;

    /// <summary>Samples in a product.</summary>
    public int Samples { get; }

    /// <summary>Outputs of each of them, at most.</summary>
    public int Columns { get; }

    /// <summary>The row stride of a matrix of columns.</summary>
    public int Stride { get; }

    private static int RoundUp(int count) => (count + Line - 1) / Line * Line;
}

/// <summary>One product's part of the outputs.</summary>
internal readonly record struct ColumnChunk(int Group, int Sample, int Samples, int Start, int Count)
{
    public ColumnChunk(in ConvolutionShape shape, in ColumnChunks chunks)
        : this(0, 0, Math.Min(chunks.Samples, shape.Samples), 0, Math.Min(chunks.Columns, shape.Outputs))
    {
    }

    /// <summary>Columns of the product.</summary>
    public int Width => Samples * Count;

    /// <summary>Whether there is none any more.</summary>
    public bool IsDone => Samples == 0;

    /// <summary>The next one: outputs first, then groups, then samples.</summary>
    public ColumnChunk Next(in ConvolutionShape shape, in ColumnChunks chunks)
    {
        var (group, sample, start) = (Group, Sample, Start + Count);
        if (start == shape.Outputs) (group, start) = (group + 1, 0);
        if (group == shape.Groups) (group, sample) = (0, sample + Samples);
        return new(group, sample, Math.Min(chunks.Samples, shape.Samples - sample), start,
            Math.Min(chunks.Columns, shape.Outputs - start));
    }
}
