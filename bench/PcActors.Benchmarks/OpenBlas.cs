using System.Runtime.InteropServices;

namespace PcActors.Benchmarks;

/// <summary>OpenBLAS on one thread, when the machine has it.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    /// <summary>Whether the library loads.</summary>
    public static bool IsAvailable { get; } = Load();

    /// <summary>C = op(A) op(B), all row-major and dense.</summary>
    public static void Multiply<T>(ProductShape shape, T[] a, T[] b, T[] c)
    {
        var (transA, lda) = shape.TransposeA ? (Transposed, shape.M) : (Plain, shape.K);
        var (transB, ldb) = shape.TransposeB ? (Transposed, shape.K) : (Plain, shape.N);
        if (a is float[] fa && b is float[] fb && c is float[] fc)
        {
            fixed (float* pa = fa, pb = fb, pc = fc)
                Sgemm(RowMajor, transA, transB, shape.M, shape.N, shape.K, 1, pa, lda, pb, ldb, 0, pc, shape.N);
        }
        else if (a is double[] da && b is double[] db && c is double[] dc)
        {
            fixed (double* pa = da, pb = db, pc = dc)
                Dgemm(RowMajor, transA, transB, shape.M, shape.N, shape.K, 1, pa, lda, pb, ldb, 0, pc, shape.N);
        }
    }

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) return false;
        SetThreads(1);
        return true;
    }

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb,
        float beta, float* c, int ldc);

    [LibraryImport(Library, EntryPoint = "cblas_dgemm")]
    private static partial void Dgemm(
        int order, int transA, int transB, int m, int n, int k, double alpha, double* a, int lda, double* b, int ldb,
        double beta, double* c, int ldc);
}
