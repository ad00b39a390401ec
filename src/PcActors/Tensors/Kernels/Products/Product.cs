namespace PcActors.Tensors.Kernels.Products;

/// <summary>One product: its operands as they lie in memory, and its ending.</summary>
internal unsafe struct Product<T>
    where T : unmanaged
{
    /// <summary>Extents: A is M x K, B is K x N, C is M x N.</summary>
    public int M, N, K;

    /// <summary>A and its strides.</summary>
    public T* A;
    public nint ARow, AColumn;

    /// <summary>B and its strides.</summary>
    public T* B;
    public nint BRow, BColumn;

    /// <summary>C, whose columns are adjacent.</summary>
    public T* C;
    public nint CRow;

    /// <summary>What becomes of the product.</summary>
    public Ending Ending;

    /// <summary>For <see cref="Ending.Update"/>: laid out as C is.</summary>
    public T* Theta;
    public T Alpha;

    /// <summary>C^T = B^T A^T: the same products in the same order, since a b = b a. C is left to the caller.</summary>
    public readonly Product<T> Transposed() => this with
    {
        M = N, N = M, A = B, ARow = BColumn, AColumn = BRow, B = A, BRow = AColumn, BColumn = ARow,
    };

    /// <summary>The part that makes rows <paramref name="row"/> and columns <paramref name="column"/> onwards of C.</summary>
    public readonly Product<T> Part(int row, int rows, int column, int columns) => this with
    {
        M = rows, N = columns, A = A + (row * ARow), B = B + (column * BColumn),
        C = C + (row * CRow) + column, Theta = Theta == null ? null : Theta + (row * CRow) + column,
    };
}
