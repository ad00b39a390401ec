using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using Vector = PcActors.Tensors.Tensor<float>;

namespace PcActors.Benchmarks;

/// <summary>exp, log, tanh and the logistic function of float32 against TensorPrimitives and MathF.</summary>
public class TranscendentalBenchmarks
{
    private Vector _x = Vector.Scalar(0);
    private Vector _y = Vector.Scalar(0);

    [Params(64, 16 * 1024, 1024 * 1024)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _x = Vector.From(new Shape(Length),
            [.. Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() * 3))]);
        _y = new Vector(new Shape(Length));
    }

    [Benchmark]
    public void Exp() => Transcendental.Exp(_x.Span, _y.Writable);

    [Benchmark]
    public void ExpTensorPrimitives() => TensorPrimitives.Exp(_x.Span, _y.Writable);

    [Benchmark]
    public void Log() => Transcendental.Log(_x.Span, _y.Writable);

    [Benchmark]
    public void LogTensorPrimitives() => TensorPrimitives.Log(_x.Span, _y.Writable);

    [Benchmark]
    public void Tanh() => Transcendental.Tanh(_x.Span, _y.Writable);

    [Benchmark]
    public void TanhTensorPrimitives() => TensorPrimitives.Tanh(_x.Span, _y.Writable);

    [Benchmark]
    public void TanhMathF()
    {
        var x = _x.Span;
        var y = _y.Writable;
        for (var i = 0; i < x.Length; i++) y[i] = MathF.Tanh(x[i]);
    }

    [Benchmark]
    public void Sigmoid() => Transcendental.Sigmoid(_x.Span, _y.Writable);

    [Benchmark]
    public void SigmoidTensorPrimitives() => TensorPrimitives.Sigmoid(_x.Span, _y.Writable);
}
