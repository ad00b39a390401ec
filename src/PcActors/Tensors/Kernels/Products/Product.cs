using System.Numerics;
using PcActors.Tensors.Kernels.Lanes;

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

/// <summary>How the columns that do not fill a register, or all columns, are carried out.</summary>
internal enum ProductForm
{
    /// <summary>C = A B.</summary>
    Plain,

    /// <summary>C^T = B^T A^T.</summary>
    Transposed,

    /// <summary>C = A B in registers of half the width.</summary>
    Narrow,
}

/// <summary>Chooses the form by an estimate of its cost. All forms give the same bits.</summary>
internal readonly unsafe struct ProductPlan<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // Cycles for each register, as measured: copied, transposed or gathered into a panel, and turned on the way to C.
    private const double Copy = 4;
    private const double Turn = 5;
    private const double Gather = 1.5;
    private const double TurnedEnding = 6;
    private const double PaddedEnding = 6;

    // A multiply-add in a register of half the width: two of 256 bits take the time of one of 512, or the same.
    private const double NarrowTerm = 0.6;

    /// <summary>The form with the least cost.</summary>
    public ProductPlan(in Product<T> product)
    {
        Form = WholeForm(product, out var cost);
        var rest = product.N % TLanes.Count;
        if (rest == 0 || rest == product.N) return;
        var full = product.N - rest;
        var form = WholeForm(product.Part(0, product.M, full, rest), out var restCost);
        if (form == ProductForm.Plain || Cost(product.Part(0, product.M, 0, full), TLanes.Count) + restCost >= cost)
            return;
        Form = form;
        PlainColumns = full;
    }

    /// <summary>Columns from the first on that are carried out plainly.</summary>
    public int PlainColumns { get; }

    /// <summary>The form of the others.</summary>
    public ProductForm Form { get; }

    private static ProductForm WholeForm(in Product<T> product, out double cost)
    {
        cost = Cost(product, TLanes.Count);
        var form = ProductForm.Plain;
        if (TLanes.HasNarrow && product.N < TLanes.Count)
        {
            var narrow = NarrowTerm * Cost(product, TLanes.Count / 2);
            if (narrow < cost)
            {
                cost = narrow;
                form = ProductForm.Narrow;
            }
        }
        var transposed = Cost(product.Transposed(), TLanes.Count);
        if (transposed >= cost) return form;
        cost = transposed;
        return ProductForm.Transposed;
    }

    private static double Cost(in Product<T> product, int lanes)
    {
        var registers = ((product.N - 1) / lanes) + 1;
        // A lone row waits for each multiply-add.
        var terms = (double)product.K * registers * (product.M == 1 ? 1.5 : product.M);
        var packing = !Packing<T, TVector, TLanes>.Pays(product.M, product.N, product.BColumn) ? 0
            : product.BColumn == 1 ? Copy : product.BRow == 1 ? Turn : Gather * lanes;
        var ending = product.CColumn != 1 ? TurnedEnding : product.N < lanes ? PaddedEnding : 0;
        return terms + (product.K * (double)registers * packing) + ((double)product.M * registers * ending);
    }
}
