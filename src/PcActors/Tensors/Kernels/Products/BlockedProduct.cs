using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>The matrix product in blocks of columns and of K, cut into tiles.</summary>
/// <remarks>The block of K alone has a say in the bits: an element is the sum, left to right, of one chain for each block.</remarks>
internal static unsafe class BlockedProduct<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // Rows of C that are finished apart from it at a time, when it is to be added to.
    private const int PartRows = 256;

    private const int MaxVectors = MicroKernel<T, TVector, TLanes>.MaxVectors;

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
                RunBlocks(rest.Transposed());
                break;
            default:
                // The registers are filled with columns that are there already: only an addition to C cannot be repeated.
                var count = TLanes.Count / 2;
                if (product.N >= count && product.Ending != Ending.Add)
                    rest = product.Part(0, product.M, product.N - count, count);
                BlockedProduct<T, Vector256<T>, Lanes256<T>>.RunBlocks(rest);
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
                TileEnding<T, TVector, TLanes>.Run(part, finished, columns, false);
            }
        }
    }

    /// <summary>The product, plainly, in registers of this width.</summary>
    public static void RunBlocks(in Product<T> product)
    {
        for (var column = 0; column < product.N; column += MaxColumns)
        {
            var part = product.Part(0, product.M, column, Math.Min(MaxColumns, product.N - column));
            for (var p = 0; p < product.K; p += MatrixProduct.BlockLength) RunBlock(part, p);
        }
    }

    /// <summary>The block of K from <paramref name="start"/> on, for at most <see cref="MaxColumns"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in Product<T> product, int start)
    {
        var k = Math.Min(MatrixProduct.BlockLength, product.K - start);
        var isLast = start + k == product.K;
        var isSum = start > 0;
        var ending = isLast && product.Ending != Ending.Store ? product.Ending : isSum ? Ending.Add : Ending.Store;
        var workspace = Workspace.Current;
        var panels = new Panels(product.N, TLanes.Count, MaxVectors);
        var isDirect = ending == Ending.Store && product.CColumn == 1 && !panels.IsPadded;
        var b = product.B + (start * product.BRow);
        var packed = (T*)workspace.Panels;
        var inPlace = product.BColumn == 1 && !panels.IsPadded && product.M < MatrixProduct.PackThreshold;
        if (!inPlace) Packing<T, TVector, TLanes>.Run(panels, k, product.N, b, product.BRow, product.BColumn, packed);

        var maxRows = MicroKernel<T, TVector, TLanes>.MaxRows(panels.Count == 1 ? panels.Vectors(0) : MaxVectors);
        int rows;
        for (var row = 0; row < product.M; row += rows)
        {
            rows = MicroKernel<T, TVector, TLanes>.RowsFor(product.M - row, maxRows);
            var a = product.A + (row * product.ARow) + (start * product.AColumn);
            var from = packed;
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var first = panels.Start(panel);
                var vectors = panels.Vectors(panel);
                var width = vectors * TLanes.Count;
                var source = inPlace ? b + first : from;
                var sourceRow = inPlace ? product.BRow : width;
                from += width * k;
                var to = isDirect ? product.C + product.Offset(row, first) : (T*)workspace.Tile;
                MicroKernel<T, TVector, TLanes>.Run(
                    rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, to, isDirect ? product.CRow : width);
                if (isDirect) continue;
                var begin = panels.Begin(panel);
                TileEnding<T, TVector, TLanes>.Run(
                    product.Part(row, rows, begin, panels.End(panel) - begin) with { Ending = ending },
                    to + begin - first, width, isSum && ending == Ending.Update);
            }
        }
    }
}
