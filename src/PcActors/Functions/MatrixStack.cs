using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Sharing;

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

    /// <summary>C = A B for each matrix of the broadcast of the stacks; where C is broadcast itself, its
    /// products add up in order.</summary>
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
                extent, Stride(extentA, extent, ref restA), Stride(extentB, extent, ref restB),
                Stride(extentC, extent, ref restC));
        }
        var adds = count != c.Count;
        if (adds) result.Clear();
        var parts = adds ? 1 : KernelThreads.PartsOf((long)count * a.Rows * a.Columns * b.Columns, count);
        if (parts > 1)
        {
            Share(parts, count, loop, a, left, b, right, result);
            return;
        }
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                MatrixProduct.Multiply(
                    a.Rows, b.Columns, a.Columns,
                    left[((loop.Offset(0) + (i * loop.Stride(0))) * a.Rows * a.Columns)..], a.RowStride, a.ColumnStride,
                    right[((loop.Offset(1) + (i * loop.Stride(1))) * b.Rows * b.Columns)..], b.RowStride,
                    b.ColumnStride,
                    result[((loop.Offset(2) + (i * loop.Stride(2))) * c.Rows * c.Columns)..], c.Columns, adds);
            }
        }
        while (loop.Next());
    }

    /// <summary>Threads share out the matrices, of which each is a product of its own.</summary>
    private static unsafe void Share<T>(
        int parts, int count, StridedLoop loop, MatrixStack a, ReadOnlySpan<T> left, MatrixStack b,
        ReadOnlySpan<T> right, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var places = ArrayPool<(int Left, int Right, int Result)>.Shared.Rent(count);
        var place = 0;
        do
        {
            for (var i = 0; i < loop.Run; i++)
                places[place++] = (loop.Offset(0) + (i * loop.Stride(0)), loop.Offset(1) + (i * loop.Stride(1)),
                    loop.Offset(2) + (i * loop.Stride(2)));
        }
        while (loop.Next());
        fixed (T* pl = left, pr = right, pc = result)
        {
            Share<T>(
                parts, count, places,
                new(pl, pr, pc, a.Rows, b.Columns, a.Columns, (a.RowStride, a.ColumnStride),
                    (b.RowStride, b.ColumnStride)));
        }
        ArrayPool<(int, int, int)>.Shared.Return(places);
    }

    private static void Share<T>(
        int parts, int count, (int Left, int Right, int Result)[] places, StackedProduct<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var end = KernelThreads.Start(part + 1, parts, count);
            for (var i = KernelThreads.Start(part, parts, count); i < end; i++) product.Run(places[i]);
        });

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

/// <summary>The products of two stacks, which the caller holds in their place.</summary>
internal readonly unsafe struct StackedProduct<T>(
    T* left, T* right, T* result, int rows, int columns, int terms, (int Row, int Column) leftStrides,
    (int Row, int Column) rightStrides)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Carries one out.</summary>
    /// <param name="place">Which matrices of the stacks.</param>
    public void Run((int Left, int Right, int Result) place) => MatrixProduct.Multiply(
        rows, columns, terms,
        new ReadOnlySpan<T>(left + ((nint)place.Left * rows * terms), rows * terms), leftStrides.Row,
        leftStrides.Column,
        new ReadOnlySpan<T>(right + ((nint)place.Right * terms * columns), terms * columns), rightStrides.Row,
        rightStrides.Column,
        new Span<T>(result + ((nint)place.Result * rows * columns), rows * columns), columns);
}
