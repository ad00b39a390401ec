using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Functions;

/// <summary>A tensor seen as a stack of matrices: its last two axes, stacked along the others.</summary>
internal readonly ref struct MatrixStack
{
    private MatrixStack(int rows, int columns, int rowStride, int columnStride, ReadOnlySpan<int> batch, int count)
    {
        (Rows, Columns, RowStride, ColumnStride, Count) = (rows, columns, rowStride, columnStride, count);
        Batch = batch;
    }

    /// <summary>A product's left operand, of rank 1 or more; a vector is a row.</summary>
    public static MatrixStack OfLeft(Shape shape) =>
        shape.Rank == 1 ? new(1, shape[0], shape[0], 1, [], 1) : Of(shape, shape[-2], shape[-1], shape.Rank - 2);

    /// <summary>A product's right operand, of rank 1 or more; a vector is a column.</summary>
    public static MatrixStack OfRight(Shape shape) =>
        shape.Rank == 1 ? new(shape[0], 1, 1, 1, [], 1) : Of(shape, shape[-2], shape[-1], shape.Rank - 2);

    /// <summary>The product, under the shape that it has without the axes that vectors lack.</summary>
    public static MatrixStack OfProduct(Shape shape, MatrixStack left, MatrixStack right) =>
        Of(shape, left.Rows, right.Columns, Math.Max(left.Batch.Length, right.Batch.Length));

    /// <summary>Rows of each matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of each matrix.</summary>
    public int Columns { get; }

    /// <summary>The extents along which the matrices are stacked.</summary>
    public ReadOnlySpan<int> Batch { get; }

    /// <summary>How many matrices there are.</summary>
    public int Count { get; }

    /// <summary>Rows of all matrices together.</summary>
    public int AllRows => Count * Rows;

    /// <summary>Each matrix transposed, by its strides.</summary>
    public MatrixStack Transpose => new(Columns, Rows, ColumnStride, RowStride, Batch, Count);

    private int RowStride { get; }

    private int ColumnStride { get; }

    /// <summary>C = A B for each matrix of the broadcast of the stacks; where C is broadcast itself, its products add up in order.</summary>
    public static void Multiply<T>(
        MatrixStack a, ReadOnlySpan<T> left, MatrixStack b, ReadOnlySpan<T> right, MatrixStack c, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Count == 0 || b.Count == 0 || c.Count == 0)
        {
            result.Clear();
            return;
        }
        var rank = Math.Max(a.Batch.Length, Math.Max(b.Batch.Length, c.Batch.Length));
        var loop = new StridedLoop(3, stackalloc int[StridedLoop.Scratch(rank, 3)]);
        var (restA, restB, restC, count) = (a.Count, b.Count, c.Count, 1);
        for (var axis = rank; axis > 0; axis--)
        {
            var (extentA, extentB, extentC) = (a.Extent(axis), b.Extent(axis), c.Extent(axis));
            var extent = Math.Max(extentA, Math.Max(extentB, extentC));
            count *= extent;
            loop.Append(
                extent, Stride(extentA, extent, ref restA), Stride(extentB, extent, ref restB), Stride(extentC, extent, ref restC));
        }
        var adds = count != c.Count;
        if (adds) result.Clear();
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                MatrixProduct.Multiply(
                    a.Rows, b.Columns, a.Columns,
                    left[((loop.Offset(0) + (i * loop.Stride(0))) * a.Rows * a.Columns)..], a.RowStride, a.ColumnStride,
                    right[((loop.Offset(1) + (i * loop.Stride(1))) * b.Rows * b.Columns)..], b.RowStride, b.ColumnStride,
                    result[((loop.Offset(2) + (i * loop.Stride(2))) * c.Rows * c.Columns)..], c.Columns, adds);
            }
        }
        while (loop.Next());
    }

    private static MatrixStack Of(Shape shape, int rows, int columns, int batchAxes) =>
        new(rows, columns, columns, 1, shape.Dimensions[..batchAxes], shape.LengthOf(0, batchAxes));

    /// <summary>The extent of the batch axis that is the n-th from the last; 1 where there is none.</summary>
    private int Extent(int fromLast) => fromLast > Batch.Length ? 1 : Batch[^fromLast];

    private static int Stride(int own, int extent, ref int rest)
    {
        rest /= own;
        return own == extent ? rest : 0;
    }
}
