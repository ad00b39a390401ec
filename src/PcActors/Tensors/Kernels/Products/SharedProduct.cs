using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>A product that several threads make, where it is large enough and they may: each makes columns of C, or
/// rows. An element is made by one of them, as ever.</summary>
internal static unsafe class SharedProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Columns of the widest register, and rows of the tallest tile.
    private const int Columns = 16;
    private const int Rows = 8;

    // Parts with fewer columns fill too few registers; with as many rows each may as well pack all of B for itself.
    private const int FewestColumns = 32;
    private const int ManyRows = 128;

    /// <summary>Carries the product out.</summary>
    public static void Run(in Product<T> product, VectorWidth width)
    {
        var (byColumns, byRows) = (product.N / FewestColumns, ((product.M - 1) / Rows) + 1);
        var operations = (long)product.M * product.N * product.K;
        var parts = KernelThreads.PartsOf(operations, Math.Max(byColumns, byRows));
        if (parts == 1) ProductWidth<T>.Run(product, width);
        else if (IsForRows(product, parts) || Math.Min(parts, byColumns) < Math.Min(KernelThreads.Count, byRows))
            Share(product, width, Math.Min(parts, byRows), byColumns: false);
        else Share(product, width, Math.Min(parts, byColumns), byColumns: true);
    }

    /// <summary>Whether threads had better share out rows, which lie together: so in the gradient of a weight, whose
    /// first factor is transposed.</summary>
    private static bool IsForRows(in Product<T> product, int parts) =>
        product.M >= parts * (product.ARow == 1 ? Rows : ManyRows);

    private static void Share(Product<T> product, VectorWidth width, int parts, bool byColumns) =>
        KernelThreads.Run(parts, part =>
        {
            var (length, unit) = byColumns ? (product.N, Columns) : (product.M, Rows);
            var start = KernelThreads.Start(part, parts, length, unit);
            var count = KernelThreads.Start(part + 1, parts, length, unit) - start;
            if (count == 0) return;
            if (!byColumns) ProductWidth<T>.Run(product.Part(start, count, 0, product.N), width);
            else RunApart(product.Part(0, product.M, start, count), width);
        });

    /// <summary>Columns of a product of several blocks of K. Two threads would write to the lines of the cache in which
    /// their columns meet, for each block again; so it is finished apart, and written once.</summary>
    private static void RunApart(in Product<T> product, VectorWidth width)
    {
        if (product.Ending != Ending.Store || product.K <= MatrixProduct.BlockLength)
        {
            ProductWidth<T>.Run(product, width);
            return;
        }
        var finished = (T*)Workspace.Current.Product((long)product.M * product.N * Unsafe.SizeOf<T>());
        ProductWidth<T>.Run(product with { C = finished, CRow = product.N }, width);
        for (var row = 0; row < product.M; row++)
        {
            new ReadOnlySpan<T>(finished + ((long)row * product.N), product.N)
                .CopyTo(new Span<T>(product.C + product.Offset(row, 0), product.N));
        }
    }
}
