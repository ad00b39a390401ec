using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>The matrix product in blocks of columns and of K, cut into tiles.</summary>
/// <remarks>The block of K alone has a say in the bits: an element is the sum, left to right, of one chain for each
/// block.</remarks>
internal static unsafe class BlockedProduct<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // Rows of C that are finished apart from it at a time, when it is to be added to.
    private const int PartRows = 256;

    private const int MaxVectors = TileShape<T, TVector, TLanes>.MaxVectors;

    /// <summary>Columns of B whose packed block fits the workspace: a multiple of the widest panel.</summary>
    private static int MaxColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var panel = MaxVectors * TLanes.Count;
            return Workspace.PanelBytes / (MatrixProduct.BlockLength * Unsafe.SizeOf<T>()) / panel * panel;
        }
    }

    /// <summary>Carries the product out.</summary>
    public static void Run(in Product<T> product)
    {
        if (product.Ending == Ending.Add && product.K > MatrixProduct.BlockLength)
        {
            RunApart(product);
            return;
        }
        var plan = new ProductPlan<T, TVector, TLanes>(product);
        if (plan.PlainColumns > 0) RunBlocks(product.Part(0, product.M, 0, plan.PlainColumns));
        var rest = product.Part(0, product.M, plan.PlainColumns, product.N - plan.PlainColumns);
        switch (plan.Form)
        {
            case ProductForm.Plain:
                RunBlocks(rest);
                break;
            case ProductForm.Transposed:
                RunTransposed(rest.Transposed());
                break;
            default:
                // The registers are filled with columns that are there already: only an
                // addition to C cannot be repeated.
                var count = TLanes.Count / 2;
                if (rest.N < count && product.N >= count && product.Ending != Ending.Add)
                    rest = product.Part(0, product.M, product.N - count, count);
                ProductWidth<T>.RunPlainly(rest, VectorWidth.Bits256);
                break;
        }
    }

    /// <summary>C = C + the finished product: it is finished elsewhere first.</summary>
    private static void RunApart(in Product<T> product)
    {
        var workspace = Workspace.Current;
        for (var column = 0; column < product.N; column += MaxColumns)
        {
            var columns = Math.Min(MaxColumns, product.N - column);
            for (var row = 0; row < product.M; row += PartRows)
            {
                var part = product.Part(row, Math.Min(PartRows, product.M - row), column, columns);
                var finished = (T*)workspace.Product((long)PartRows * columns * Unsafe.SizeOf<T>());
                Run(part with { Ending = Ending.Store, C = finished, CRow = columns });
                TileEnding<T, TVector, TLanes>.Run(part, Ending.Add, false, 0, 0, part.M, columns, finished, columns);
            }
        }
    }

    /// <summary>A product whose rows lie across C. Of several blocks it is turned once, when it is finished.</summary>
    private static void RunTransposed(in Product<T> product)
    {
        var bytes = (long)product.M * product.N * Unsafe.SizeOf<T>();
        if (product.K <= MatrixProduct.BlockLength || product.Ending != Ending.Store || bytes > Workspace.PanelBytes)
        {
            RunBlocks(product);
            return;
        }
        var finished = (T*)Workspace.Current.Turned(bytes);
        RunBlocks(product with { C = finished, CRow = product.N, CColumn = 1 });
        Transposition.Run(product.M, product.N, finished, product.N, product.C, product.CColumn);
    }

    /// <summary>The product, plainly, in registers of this width.</summary>
    public static void RunBlocks(in Product<T> product)
    {
        if (product.N <= MaxColumns)
        {
            for (var p = 0; p < product.K; p += MatrixProduct.BlockLength) RunBlock(product, p);
            return;
        }
        // Parts as equal as can be, of whole registers.
        var parts = ((product.N - 1) / MaxColumns) + 1;
        var columns = ((product.N - 1) / (parts * TLanes.Count) + 1) * TLanes.Count;
        for (var column = 0; column < product.N; column += columns)
            RunBlocks(product.Part(0, product.M, column, Math.Min(columns, product.N - column)));
    }

    /// <summary>The block of K from <paramref name="start"/> on, for at most
    /// <see cref="MaxColumns"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in Product<T> product, int start)
    {
        var k = Math.Min(MatrixProduct.BlockLength, product.K - start);
        var isLast = start + k == product.K;
        var isSum = start > 0;
        var ending = isLast && product.Ending != Ending.Store ? product.Ending : isSum ? Ending.Add : Ending.Store;
        var panels = new Panels(product.N, TLanes.Count, TileShape<T, TVector, TLanes>.MaxVectors);
        // Kernels bring a tile to C themselves where that fills whole registers and may be done twice.
        var isDirect = product.CColumn == 1 && !panels.IsPadded && !isSum && ending != Ending.Add;
        var theta = ending == Ending.Update ? (nint)((byte*)product.Theta - (byte*)product.C) : 0;

        var workspace = Workspace.Current;
        var packed = (T*)workspace.Panels;
        var b = product.B + (start * product.BRow);
        var isPacked = Packing<T, TVector, TLanes>.Pays(product.M, product.N, product.BColumn);
        if (isPacked) Packing<T, TVector, TLanes>.Run(panels, k, product.N, b, product.BRow, product.BColumn, packed);

        var maxRows = TileShape<T, TVector, TLanes>.MaxRows(panels.Vectors(0));
        int rows;
        for (var row = 0; row < product.M; row += rows)
        {
            rows = TileShape<T, TVector, TLanes>.RowsFor(product.M - row, maxRows);
            var a = product.A + (row * product.ARow) + (start * product.AColumn);
            var from = packed;
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var first = panels.Start(panel);
                var vectors = panels.Vectors(panel);
                var width = vectors * TLanes.Count;
                var source = isPacked ? from : b + first;
                var sourceRow = isPacked ? width : product.BRow;
                from += width * k;
                if (isDirect)
                {
                    var to = product.C + product.Offset(row, first);
                    if (ending == Ending.Update)
                        MicroKernel<T, TVector, TLanes, RowStride, UpdateFinish<T, TVector, TLanes>>.Run(
                            rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, to, product.CRow,
                            theta,
                            -product.Alpha);
                    else
                        MicroKernel<T, TVector, TLanes, RowStride, StoreFinish<T, TVector, TLanes>>.Run(
                            rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, to, product.CRow, 0,
                            T.Zero);
                }
                else
                {
                    var tile = (T*)workspace.Tile;
                    MicroKernel<T, TVector, TLanes, RowStride, StoreFinish<T, TVector, TLanes>>.Run(
                        rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, tile, width, 0, T.Zero);
                    var begin = panels.Begin(panel);
                    TileEnding<T, TVector, TLanes>.Run(
                        product, ending, isSum, row, begin, rows, panels.End(panel) - begin, tile + begin - first,
                        width);
                }
            }
        }
    }
}
