using System.Numerics;
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

    // Parts with fewer columns fill too few registers.
    private const int FewestColumns = 32;

    /// <summary>Carries the product out.</summary>
    public static void Run(in Product<T> product, VectorWidth width)
    {
        var (byColumns, byRows) = (product.N / FewestColumns, ((product.M - 1) / Rows) + 1);
        var operations = (long)product.M * product.N * product.K;
        var parts = KernelThreads.PartsOf(operations, Math.Max(byColumns, byRows));
        if (parts == 1)
        {
            ProductWidth<T>.Run(product, width);
            return;
        }
        var byColumnsPays = Math.Min(parts, byColumns) >= Math.Min(KernelThreads.Count, byRows);
        // The gradient of a weight is a product whose first factor is transposed; its rows lie together, and so a
        // thread writes what no other has in its cache. Else a part packs what it reads of B: columns are packed once,
        // and for parts of rows as often as there are.
        if (byColumnsPays && !(product.ARow == 1 && byRows >= parts))
            Share(product, width, Math.Min(parts, byColumns), byColumns: true);
        else Share(product, width, Math.Min(parts, byRows), byColumns: false);
    }

    private static void Share(Product<T> product, VectorWidth width, int parts, bool byColumns) =>
        KernelThreads.Run(parts, part =>
        {
            var (length, unit) = byColumns ? (product.N, Columns) : (product.M, Rows);
            var start = KernelThreads.Start(part, parts, length, unit);
            var count = KernelThreads.Start(part + 1, parts, length, unit) - start;
            if (count == 0) return;
            ProductWidth<T>.Run(
                byColumns ? product.Part(0, product.M, start, count) : product.Part(start, count, 0, product.N), width);
        });
}
