using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>Operands of a matrix product in memory, and the product by definition.</summary>
internal sealed class ProductCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[]? _elements;

    public required int M { get; init; }
    public required int N { get; init; }
    public required int K { get; init; }
    public required T[] A { get; init; }
    public required int ARow { get; init; }
    public required int AColumn { get; init; }
    public required T[] B { get; init; }
    public required int BRow { get; init; }
    public required int BColumn { get; init; }
    public required T[] C { get; init; }
    public required int CRow { get; init; }
    public required T[] Theta { get; init; }
    public T Alpha { get; } = T.CreateChecked(0.3);

    /// <summary>Random operands; a stride is a unit, the other extent, or either with a gap.</summary>
    public static ProductCase<T> Random(Random random, int m, int n, int k)
    {
        var (a, aRow, aColumn) = Operand(random, m, k);
        var (b, bRow, bColumn) = Operand(random, k, n);
        var cRow = n + random.Next(2) * random.Next(5);
        return new ProductCase<T>
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARow = aRow,
            AColumn = aColumn,
            B = b,
            BRow = bRow,
            BColumn = bColumn,
            C = Drawn.Numbers<T>(random, Math.Max(0, (m - 1) * cRow + n)),
            CRow = cRow,
            Theta = Drawn.Numbers<T>(random, m * cRow),
        };
    }

    /// <summary>C as the kernel leaves it.</summary>
    public T[] Run(Ending ending, VectorWidth width)
    {
        var c = C.ToArray();
        MatrixProduct.Run<T>(M, N, K, A, ARow, AColumn, B, BRow, BColumn, ending, Theta, Alpha, c, CRow, width);
        return c;
    }

    /// <summary>C by definition: blocks of K, each a chain of fused multiply-adds from zero,
    /// added left to right.</summary>
    public T[] Expected(Ending ending)
    {
        var c = C.ToArray();
        _elements ??= [.. Enumerable.Range(0, M * N).Select(index => Element(index / N, index % N))];
        for (var i = 0; i < M; i++)
        {
            for (var j = 0; j < N; j++)
            {
                var g = _elements[(i * N) + j];
                ref var at = ref c[(i * CRow) + j];
                at = ending switch
                {
                    Ending.Store => g,
                    Ending.Add => at + g,
                    _ => T.FusedMultiplyAdd(-Alpha, g, Theta[(i * CRow) + j]) + T.Zero,
                };
            }
        }
        return c;
    }

    public override string ToString() =>
        $"{typeof(T).Name} {M} x {N} x {K}, A ({ARow}, {AColumn}), B ({BRow}, {BColumn}), C {CRow}";

    private T Element(int i, int j)
    {
        T? sum = null;
        for (var start = 0; start < K; start += 256)
        {
            var chain = T.Zero;
            for (var p = start; p < Math.Min(K, start + 256); p++)
                chain = T.FusedMultiplyAdd(A[(i * ARow) + (p * AColumn)], B[(p * BRow) + (j * BColumn)], chain);
            sum = sum is { } before ? before + chain : chain;
        }
        return sum ?? T.Zero;
    }

    private static (T[] Elements, int Row, int Column) Operand(Random random, int rows, int columns)
    {
        var (row, column) = random.Next(6) switch
        {
            0 or 1 => (columns, 1),
            2 or 3 => (1, rows),
            4 => (columns + random.Next(20), 1),
            _ => (columns * 2 + 1, 2),
        };
        var length = rows == 0 || columns == 0 ? 0 : ((rows - 1) * row) + ((columns - 1) * column) + 1;
        return (Drawn.Numbers<T>(random, length), row, column);
    }
}
