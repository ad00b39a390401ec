using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Benchmarks;

/// <summary>A matrix product to time: C[M, N] = op(A) op(B), with the factors dense and row-major as they lie in
/// memory.</summary>
public sealed record ProductShape(string Name, int M, int N, int K, bool TransposeA = false, bool TransposeB = false)
{
    /// <summary>The products of a training step of a 784-300-100-10 network on batches of
    /// 64, its layers cut in two, those of model files, whose weights lie the other way round, and others.</summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        new("cube", 256, 256, 256),
        new("cube", 1024, 1024, 1024),
        new("forward", 64, 128, 784),
        new("forward", 64, 150, 784),
        new("forward", 64, 50, 300),
        new("forward", 64, 10, 100),
        new("forward", 64, 128, 128),
        new("weights", 784, 150, 64, TransposeA: true),
        new("weights", 300, 50, 64, TransposeA: true),
        new("weights", 100, 10, 64, TransposeA: true),
        new("input", 64, 784, 150, TransposeB: true),
        new("input", 64, 300, 50, TransposeB: true),
        new("input", 64, 100, 10, TransposeB: true),
        new("input", 64, 128, 128, TransposeB: true),
        new("linear", 64, 300, 784, TransposeB: true),
        new("linear", 64, 144, 784, TransposeB: true),
        new("linear", 64, 100, 300, TransposeB: true),
        new("linear", 64, 512, 128, TransposeB: true),
        new("linear", 64, 128, 128, TransposeB: true),
        new("vector", 1, 300, 784),
        new("unit", 64, 1, 784),
        new("unit", 784, 1, 64, TransposeA: true),
        new("small", 8, 8, 8),
        new("small", 4, 4, 4),
        new("small", 1, 1, 1),
    ];

    /// <summary>Floating-point operations.</summary>
    public double Operations => 2.0 * M * N * K;

    /// <summary>Carries the product out with this library's kernel.</summary>
    public void Multiply<T>(T[] a, T[] b, T[] c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (aRow, aColumn) = TransposeA ? (1, M) : (K, 1);
        var (bRow, bColumn) = TransposeB ? (1, K) : (N, 1);
        MatrixProduct.Multiply<T>(M, N, K, a, aRow, aColumn, b, bRow, bColumn, c, N);
    }

    /// <summary>For example <c>weights 784x150x64</c>: M, N and K.</summary>
    public override string ToString() => $"{Name} {M}x{N}x{K}";
}
