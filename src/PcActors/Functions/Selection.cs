using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Functions that choose among their inputs' elements.</summary>
internal static class SelectionOperators
{
    public static Operator[] All =>
    [
        new("Clip", typeof(Clip<>))
        {
            Inputs = ["input", Setting("min?", former: "min"), Setting("max?", former: "max")],
            Attributes = [Float("min", double.NegativeInfinity), Float("max", double.PositiveInfinity)],
        },
        new("Where", typeof(Where<>))
        {
            Inputs = [Condition("condition"), "X", "Y"], Output = OutputKind.AsLast, Since = 9,
        },
    ];
}

/// <summary>ONNX Clip: min(max(x, low), high), with bounds that are scalars and may be left out.</summary>
/// <remarks>
/// <para>Inputs: x, low, high. Attributes: absent (1: low is left out; 2: high), and, as up to
/// opset 10, min and max for bounds that are no inputs.</para>
/// <para>The pull-back is to x the error where x is within the bounds, both included; to low
/// the sum of the errors where x is below it (and it is below high); to high the sum where x is above it, or everywhere
/// when it is below low.</para>
/// </remarks>
internal sealed class Clip<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms are summed through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    private readonly int _lowAt = settings.Place(1);
    private readonly int _highAt = settings.Place(2);
    private readonly T _low = T.CreateSaturating(settings.Float("min"));
    private readonly T _high = T.CreateSaturating(settings.Float("max"));

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        for (var input = 1; input < inputs.Length; input++)
        {
            if (inputs[input].Length != 1) throw Misfit($"a bound's shape is {inputs[input]}; it must be a scalar");
        }
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        Map(Bounds(inputs), inputs[0].Span, prediction.Writable);

    /// <summary>mu of each x.</summary>
    internal static void Map((T Low, T High) bounds, ReadOnlySpan<T> x, Span<T> mu)
    {
        var (low, high) = bounds;
        for (var i = 0; i < mu.Length; i++) mu[i] = T.Min(T.Max(x[i], low), high);
    }

    /// <summary>The pull-back to each x.</summary>
    internal static void MapBack((T Low, T High) bounds, ReadOnlySpan<T> x, ReadOnlySpan<T> error, Span<T> result) =>
        Choose(0, bounds, x, error, result);

    [SkipLocalsInit]
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var bounds = Bounds(inputs);
        var x = inputs[0].Span;
        var eps = error.Span;
        var pulled = result.Writable;
        var position = input == 0 ? 0 : input == _lowAt ? 1 : 2;
        if (position == 0)
        {
            Choose(position, bounds, x, eps, pulled);
            return;
        }
        Span<T> terms = stackalloc T[Terms];
        pulled.Clear();
        for (var start = 0; start < x.Length; start += Terms)
        {
            var count = Math.Min(Terms, x.Length - start);
            Choose(position, bounds, x.Slice(start, count), eps.Slice(start, count), terms);
            pulled[0] += Reductions.Sum<T>(terms[..count]);
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 2L * prediction.Length;

    /// <summary>The errors that go to an input, in their places.</summary>
    private static void Choose(int position, (T Low, T High) bounds, ReadOnlySpan<T> x, ReadOnlySpan<T> error,
        Span<T> result)
    {
        var (low, high) = bounds;
        for (var i = 0; i < x.Length; i++)
        {
            var takes = position switch
            {
                0 => low <= x[i] && x[i] <= high,
                1 => x[i] < low && low < high,
                _ => x[i] > high || high < low,
            };
            result[i] = takes ? error[i] : T.Zero;
        }
    }

    private (T Low, T High) Bounds(ReadOnlySpan<Tensor<T>> inputs) =>
        (_lowAt < inputs.Length ? inputs[_lowAt].Span[0] : _low,
            _highAt < inputs.Length ? inputs[_highAt].Span[0] : _high);
}

/// <summary>ONNX Where: x where a condition is true, y elsewhere; all three are broadcast together.</summary>
/// <remarks>The condition, input 0, has no pull-back; x's is the error where it is true, y's
/// the error elsewhere.</remarks>
internal sealed class Where<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms that are summed over a broadcast axis pass through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return BroadcastShape(BroadcastShape(inputs[0], inputs[1]), inputs[2]);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var condition = inputs[0].Span;
        var x = inputs[1].Span;
        var y = inputs[2].Span;
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 3)];
        var loop = StridedLoop.Broadcast(prediction.Shape, scratch, inputs[0].Shape, inputs[1].Shape, inputs[2].Shape);
        do
        {
            Choice.Take(loop.Operand(0, condition), loop.Operand(1, x), loop.Operand(2, y),
                prediction.Writable.Slice(loop.Position, loop.Run));
        }
        while (loop.Next());
    }

    [SkipLocalsInit]
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (input == 0 || error.Length == 0) return;
        var condition = inputs[0].Span;
        ReadOnlySpan<T> zero = [T.Zero];
        Span<T> terms = stackalloc T[Terms];
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 2)];
        var loop = StridedLoop.Broadcast(error.Shape, scratch, inputs[0].Shape, result.Shape);
        do
        {
            var truth = loop.Operand(0, condition);
            var stride = loop.Stride(1);
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var count = Math.Min(Terms, loop.Run - start);
                var eps = error.Span.Slice(loop.Position + start, count);
                var part = truth.Length == 1 ? truth : truth.Slice(start, count);
                if (input == 1) Choice.Take(part, eps, zero, terms[..count]);
                else Choice.Take(part, zero, eps, terms[..count]);
                BroadcastSum.AddRun<T>(terms[..count], pulled[(loop.Offset(1) + (start * stride))..], stride);
            }
        }
        while (loop.Next());
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;
}
