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

    /// <summary>C and its strides.</summary>
    public T* C;
    public nint CRow, CColumn;

    /// <summary>What becomes of the product.</summary>
    public Ending Ending;

    /// <summary>For <see cref="Ending.Update"/>: laid out as C is.</summary>
    public T* Theta;
    public T Alpha;

    /// <summary>C^T = B^T A^T: the same multiplications in the same order, since a b = b a.</summary>
    public readonly Product<T> Transposed() => this with
    {
        M = N,
        N = M,
        A = B,
        ARow = BColumn,
        AColumn = BRow,
        B = A,
        BRow = AColumn,
        BColumn = ARow,
        CRow = CColumn,
        CColumn = CRow,
    };

    /// <summary>The part that makes rows <paramref name="row"/> and columns <paramref name="column"/> onwards of
    /// C.</summary>
    public readonly Product<T> Part(int row, int rows, int column, int columns) => this with
    {
        M = rows,
        N = columns,
        A = A + (row * ARow),
        B = B + (column * BColumn),
        C = C + Offset(row, column),
        Theta = Theta == null ? null : Theta + Offset(row, column),
    };

    /// <summary>Where an element of C, or of theta, lies.</summary>
    public readonly nint Offset(int row, int column) => (row * CRow) + (column * CColumn);
}
