using System.Numerics;
using System.Runtime.CompilerServices;
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
        for (var column = 0; column < product.N; column += MaxColumns)
        {
            var part = product.Part(0, product.M, column, Math.Min(MaxColumns, product.N - column));
            for (var p = 0; p < product.K; p += MatrixProduct.BlockLength) RunBlock(part, p);
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
                TileEnding<T, TVector, TLanes>.Run(
                    part.M, part.N, finished, columns, part.C, part.CRow, false, Ending.Add, null, default);
            }
        }
    }

    /// <summary>The block of K from <paramref name="start"/> on, for at most <see cref="MaxColumns"/> columns.</summary>
    private static void RunBlock(in Product<T> product, int start)
    {
        var k = Math.Min(MatrixProduct.BlockLength, product.K - start);
        var isLast = start + k == product.K;
        var isSum = start > 0;
        var ending = isLast ? product.Ending : isSum ? Ending.Add : Ending.Store;
        if (ending == Ending.Store && isSum) ending = Ending.Add;
        var isDirect = ending == Ending.Store;

        var workspace = Workspace.Current;
        var panels = new Panels(product.N, TLanes.Count, MaxVectors);
        var packed = (T*)workspace.Panels;
        var tile = (T*)workspace.Tile;
        var b = product.B + (start * product.BRow);
        var inPlace = product.BColumn == 1 && !panels.IsPadded && product.M < MatrixProduct.PackThreshold;
        if (!inPlace)
        {
            var to = packed;
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var first = panels.Start(panel);
                var vectors = panels.Vectors(panel);
                Packing<T, TVector, TLanes>.Panel(
                    k, product.N - first, vectors, b + (first * product.BColumn), product.BRow, product.BColumn, to);
                to += vectors * TLanes.Count * k;
            }
        }

        int rows;
        for (var row = 0; row < product.M; row += rows)
        {
            rows = MicroKernel<T, TVector, TLanes>.RowsFor(product.M - row);
            var a = product.A + (row * product.ARow) + (start * product.AColumn);
            var cRow = product.C + (row * product.CRow);
            var from = packed;
            for (var panel = 0; panel < panels.Count; panel++)
            {
                var first = panels.Start(panel);
                var vectors = panels.Vectors(panel);
                var width = vectors * TLanes.Count;
                var source = inPlace ? b + first : from;
                var sourceRow = inPlace ? product.BRow : width;
                from += width * k;
                if (isDirect && !panels.IsPadded)
                {
                    MicroKernel<T, TVector, TLanes>.Run(
                        rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, cRow + first, product.CRow);
                    continue;
                }
                MicroKernel<T, TVector, TLanes>.Run(
                    rows, vectors, k, a, product.ARow, product.AColumn, source, sourceRow, tile, width);
                var begin = panel == 0 ? 0 : panels.End(panel - 1);
                var theta = product.Theta == null ? null : product.Theta + (row * product.CRow) + begin;
                TileEnding<T, TVector, TLanes>.Run(
                    rows, panels.End(panel) - begin, tile + begin - first, width, cRow + begin, product.CRow,
                    isSum && ending == Ending.Update, ending, theta, product.Alpha);
            }
        }
    }
}
