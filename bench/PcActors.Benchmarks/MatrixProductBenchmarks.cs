using BenchmarkDotNet.Attributes;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace PcActors.Benchmarks;

/// <summary>The matrix product against OpenBLAS and MathNet.Numerics' managed product, float32, one thread.</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmarks
{
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];
    private Matrix<float> _left = Matrix<float>.Build.Dense(1, 1);
    private Matrix<float> _right = Matrix<float>.Build.Dense(1, 1);

    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = ProductShape.All[0];

    public static IEnumerable<ProductShape> Shapes => ProductShape.All;

    [GlobalSetup(Target = nameof(ThisLibrary) + "," + nameof(MathNetManaged))]
    public void Setup()
    {
        var random = new Random(1);
        _a = Numbers(random, Shape.M * Shape.K);
        _b = Numbers(random, Shape.K * Shape.N);
        _c = new float[Shape.M * Shape.N];
        Control.UseManaged();
        Control.UseSingleThread();
        // MathNet's matrices are column-major; their extents are what counts.
        _left = Matrix<float>.Build.Dense(Shape.M, Shape.K, _a);
        _right = Matrix<float>.Build.Dense(Shape.K, Shape.N, _b);
    }

    [GlobalSetup(Target = nameof(OpenBlasNative))]
    public void SetupOpenBlas()
    {
        if (!OpenBlas.IsAvailable)
            throw new NotSupportedException("libopenblas.so.0 is not installed: this row is skipped");
        Setup();
    }

    [Benchmark(Baseline = true)]
    public void ThisLibrary() => Shape.Multiply(_a, _b, _c);

    [Benchmark]
    public void OpenBlasNative() => OpenBlas.Multiply(Shape, _a, _b, _c);

    [Benchmark]
    public Matrix<float> MathNetManaged() => _left * _right;

    private static float[] Numbers(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 2) - 1))];
}
