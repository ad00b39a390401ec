using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>Norms and their like over axes.</summary>
internal static class MappedReductionOperators
{
    public static Operator[] All =>
    [
        LinearReductionOperators.Over("ReduceL1", 18, typeof(MappedReduction<,>), typeof(ReduceL1)),
        LinearReductionOperators.Over("ReduceL2", 18, typeof(MappedReduction<,>), typeof(ReduceL2)),
        LinearReductionOperators.Over("ReduceLogSum", 18, typeof(MappedReduction<,>), typeof(ReduceLogSum)),
        LinearReductionOperators.Over("ReduceSumSquare", 18, typeof(MappedReduction<,>), typeof(ReduceSumSquare)),
    ];
}

/// <summary>A reduction that is a function of the sum of a function of each element, in float64. A new
/// one is such a struct.</summary>
internal interface IReductionMap
{
    /// <summary>Floating-point operations an element, about.</summary>
    static virtual int Cost => 2;

    /// <summary>What an element adds to the sum.</summary>
    static abstract double Term(double x);

    /// <summary>mu of the sum.</summary>
    static virtual double Finish(double sum) => sum;

    /// <summary>dmu / dx.</summary>
    static abstract double Slope(double x, double mu);
}

/// <summary>A map's reduction over axes. The sum of no terms is 0.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
internal sealed class MappedReduction<T, TMap>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMap : struct, IReductionMap
{
    // Terms are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    [SkipLocalsInit]
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        mu.Clear();
        Span<T> terms = stackalloc T[Terms];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)];
        var loop = x.Length == 0 ? default : Loop(x.Shape, scratch);
        for (var more = x.Length > 0; more; more = loop.Next())
        {
            var run = x.Span.Slice(loop.Position, loop.Run);
            var stride = loop.Stride(0);
            for (var start = 0; start < run.Length; start += Terms)
            {
                var part = run.Slice(start, Math.Min(Terms, run.Length - start));
                for (var i = 0; i < part.Length; i++)
                    terms[i] = Precision.Narrow<T>(TMap.Term(Precision.Widen(part[i])));
                BroadcastSum.AddRun<T>(terms[..part.Length], mu[(loop.Offset(0) + (start * stride))..], stride);
            }
        }
        for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(TMap.Finish(Precision.Widen(mu[i])));
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var x = inputs[0].Span;
        var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]);
        do
        {
            var pulled = result.Writable.Slice(loop.Position, loop.Run);
            for (var i = 0; i < pulled.Length; i++)
            {
                var at = loop.Offset(0) + (i * loop.Stride(0));
                var slope = TMap.Slope(Precision.Widen(x[loop.Position + i]), Precision.Widen(prediction.Span[at]));
                pulled[i] = Precision.Narrow<T>(slope * Precision.Widen(error.Span[at]));
            }
        }
        while (loop.Next());
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => (long)TMap.Cost * inputs[0].Length;
}

/// <summary>ONNX ReduceL1: the sum of |x| over axes. The pull-back is the error with x's sign,
/// and 0 where x is 0.</summary>
internal readonly struct ReduceL1 : IReductionMap
{
    public static double Term(double x) => double.Abs(x);

    public static double Slope(double x, double mu) => x > 0 ? 1 : x < 0 ? -1 : 0;
}

/// <summary>ONNX ReduceL2: the root of the sum of x^2 over axes. The pull-back is x error / mu,
/// and 0 where mu is 0.</summary>
internal readonly struct ReduceL2 : IReductionMap
{
    public static double Term(double x) => x * x;

    public static double Finish(double sum) => double.Sqrt(sum);

    public static double Slope(double x, double mu) => mu == 0 ? 0 : x / mu;
}

/// <summary>ONNX ReduceSumSquare: the sum of x^2 over axes. The pull-back is 2 x error.</summary>
internal readonly struct ReduceSumSquare : IReductionMap
{
    public static double Term(double x) => x * x;

    public static double Slope(double x, double mu) => 2 * x;
}

/// <summary>ONNX ReduceLogSum: the logarithm of the sum of x over axes. The pull-back is error / e^mu.</summary>
internal readonly struct ReduceLogSum : IReductionMap
{
    public static double Term(double x) => x;

    public static double Finish(double sum) => Logarithm.Log(sum);

    public static double Slope(double x, double mu) => Exponential.Exp(-mu);
}
