using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Reductions whose terms have to be known together.</summary>
internal static class OtherReductionOperators
{
    public static Operator[] All =>
    [
        LinearReductionOperators.Over("ReduceLogSumExp", 18, typeof(ReduceLogSumExp<>)),
        LinearReductionOperators.Over("ReduceProd", 18, typeof(ReduceProd<>)),
    ];
}

/// <summary>ONNX ReduceLogSumExp: the logarithm of the sum of e^x over axes. The pull-back
/// is e^(x - mu) error.</summary>
/// <remarks>The largest element is subtracted first, so no exponential overflows. Over no elements
/// it is minus infinity.</remarks>
internal sealed class ReduceLogSumExp<T>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0];
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var buffer = ArrayPool<T>.Shared.Rent(mu.Length);
        var shift = buffer.AsSpan(0, mu.Length);
        shift.Fill(T.NegativeInfinity);
        mu.Clear();
        if (x.Length > 0)
        {
            Span<int> scratch = stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)];
            FindShift(Loop(x.Shape, scratch), x.Span, shift);
            AddExponentials(Loop(x.Shape, scratch), x.Span, shift, mu);
        }
        for (var i = 0; i < mu.Length; i++)
            mu[i] = Precision.Narrow<T>(Precision.Widen(shift[i]) + Logarithm.Log(Precision.Widen(mu[i])));
        ArrayPool<T>.Shared.Return(buffer);
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
                var mu = Precision.Widen(prediction.Span[at]);
                // Where all terms are 0, none has a part in the sum.
                var part = double.IsNegativeInfinity(mu)
                    ? 0
                    : Exponential.Exp(Precision.Widen(x[loop.Position + i]) - mu);
                pulled[i] = Precision.Narrow<T>(part * Precision.Widen(error.Span[at]));
            }
        }
        while (loop.Next());
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (Flops.Transcendental + 3L) * inputs[0].Length;

    /// <summary>The largest element for each sum, or 0 when it is infinite.</summary>
    private static void FindShift(StridedLoop loop, ReadOnlySpan<T> x, Span<T> shift)
    {
        do
        {
            var run = x.Slice(loop.Position, loop.Run);
            var own = shift.Slice(loop.Offset(0), loop.Stride(0) == 0 ? 1 : loop.Run);
            if (own.Length == run.Length) TensorPrimitives.Max(own, run, own);
            else own[0] = T.Max(own[0], TensorPrimitives.Max(run));
        }
        while (loop.Next());
        foreach (ref var value in shift) value = T.IsInfinity(value) ? T.Zero : value;
    }

    [SkipLocalsInit]
    private static void AddExponentials(StridedLoop loop, ReadOnlySpan<T> x, ReadOnlySpan<T> shift, Span<T> sums)
    {
        Span<T> terms = stackalloc T[Terms];
        do
        {
            var stride = loop.Stride(0);
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var count = Math.Min(Terms, loop.Run - start);
                var at = loop.Offset(0) + (start * stride);
                for (var i = 0; i < count; i++)
                {
                    var difference = Precision.Widen(x[loop.Position + start + i])
                        - Precision.Widen(shift[at + (i * stride)]);
                    terms[i] = Precision.Narrow<T>(Exponential.Exp(difference));
                }
                BroadcastSum.AddRun<T>(terms[..count], sums[at..], stride);
            }
        }
        while (loop.Next());
    }
}

/// <summary>ONNX ReduceProd: the product over axes; 1 over no elements.</summary>
/// <remarks>The pull-back is the error times the product of the other elements: of those
/// that are not 0 over x; where one element is 0 it alone receives anything, where several are, none does.</remarks>
internal sealed class ReduceProd<T>(OperatorSettings settings) : Reduction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        prediction.Writable.Fill(T.One);
        Multiply(inputs[0], prediction.Writable, default);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (result.Length == 0) return;
        var products = ArrayPool<T>.Shared.Rent(error.Length);
        var zeros = ArrayPool<int>.Shared.Rent(error.Length);
        products.AsSpan(0, error.Length).Fill(T.One);
        zeros.AsSpan(0, error.Length).Clear();
        Multiply(inputs[0], products, zeros);
        var x = inputs[0].Span;
        var loop = Loop(result.Shape, stackalloc int[StridedLoop.Scratch(result.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var (at, own) = (loop.Offset(0) + (i * loop.Stride(0)), loop.Position + i);
                var others = zeros[at] == 0 ? products[at] / x[own]
                    : zeros[at] == 1 && x[own] == T.Zero ? products[at]
                    : T.Zero;
                result.Writable[own] = others * error.Span[at];
            }
        }
        while (loop.Next());
        ArrayPool<int>.Shared.Return(zeros);
        ArrayPool<T>.Shared.Return(products);
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * inputs[0].Length;

    /// <summary>Multiplies the elements in, in row-major order; zeros are counted instead,
    /// if there is where to.</summary>
    private void Multiply(Tensor<T> x, Span<T> products, Span<int> zeros)
    {
        if (x.Length == 0) return;
        var loop = Loop(x.Shape, stackalloc int[StridedLoop.Scratch(x.Shape.Rank, 1)]);
        do
        {
            for (var i = 0; i < loop.Run; i++)
            {
                var at = loop.Offset(0) + (i * loop.Stride(0));
                var value = x.Span[loop.Position + i];
                if (value == T.Zero && !zeros.IsEmpty) zeros[at]++;
                else products[at] *= value;
            }
        }
        while (loop.Next());
    }
}
