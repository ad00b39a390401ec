using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>A function of two inputs, element by element, with ONNX's multidirectional broadcasting.</summary>
/// <remarks>An operator gives its map and its pull-back on runs, where x or y may be one element that serves the whole
/// run; walking the shapes and summing over broadcast axes is done here. They may be called with
/// parts of the tensors, on several threads at once: an element's result depends on nothing but its own
/// operands.</remarks>
public abstract class BinaryFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Terms that are summed over a broadcast axis pass through a buffer of this size; it fixes the order of the sum.
    private const int Terms = 512;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return BroadcastShape(inputs[0], inputs[1]);
    }

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (x, y) = (inputs[0], inputs[1]);
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        if (IsOneRun(x, y))
        {
            var parts = KernelThreads.PartsOfElements(mu.Length, mu.Length);
            if (parts == 1) Predict(x.Span, y.Span, mu);
            else Predict(parts, x, y, prediction);
            return;
        }
        var pieces = KernelThreads.PartsOfElements(mu.Length, mu.Length);
        if (pieces == 1) PredictRuns(0, 1, x, y, prediction);
        else PredictRuns(pieces, x, y, prediction);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var (x, y) = (inputs[0], inputs[1]);
        var sums = result.Length != error.Length;
        if (error.Length == 0) result.Writable.Clear();
        else if (!sums && IsOneRun(x, y))
        {
            var parts = KernelThreads.PartsOfElements(error.Length, error.Length);
            if (parts == 1) PullBack(input, x.Span, y.Span, prediction.Span, error.Span, result.Writable);
            else PullBack(parts, input, x, y, prediction, error, result);
        }
        else if (sums)
        {
            Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 2)];
            var loop = StridedLoop.Broadcast(error.Shape, scratch, x.Shape, y.Shape);
            PullBackSum(input, loop, x, y, prediction.Span, error.Span, result.Writable);
        }
        else
        {
            var parts = KernelThreads.PartsOfElements(error.Length, error.Length);
            if (parts == 1) PullBackRuns(0, 1, input, x, y, prediction, error, result);
            else PullBackRuns(parts, input, x, y, prediction, error, result);
        }
    }

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => prediction.Length;

    /// <summary>mu of a run.</summary>
    internal void Map(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Predict(x, y, mu);

    /// <summary>(dmu / dx_input) error of a run, without sums.</summary>
    internal void MapBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        PullBack(input, x, y, mu, error, result);

    /// <summary>mu of a run.</summary>
    /// <param name="x">The first input: as many elements as <paramref name="mu"/>, or one for all.</param>
    /// <param name="y">The second input: as many elements as <paramref name="mu"/>, or one for all.</param>
    /// <param name="mu">Receives the prediction.</param>
    protected abstract void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu);

    /// <summary>(dmu / dx_input) error of a run, without sums.</summary>
    /// <param name="input">0 for x, 1 for y.</param>
    /// <param name="x">The first input: as many elements as <paramref name="mu"/>, or one for all.</param>
    /// <param name="y">The second input: as many elements as <paramref name="mu"/>, or one for all.</param>
    /// <param name="mu">The prediction.</param>
    /// <param name="error">The error, as long.</param>
    /// <param name="result">Receives the terms, as long.</param>
    protected abstract void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result);

    /// <summary>Whether the input is repeated along some axis to the other's shape.</summary>
    protected static bool IsBroadcast(int input, ReadOnlySpan<Shape> inputs) =>
        inputs[input].Length != Shape.Broadcast(inputs[0], inputs[1]).Length;

    private static bool IsOneRun(Tensor<T> x, Tensor<T> y) =>
        x.Length == 1 || y.Length == 1 || x.Shape.Equals(y.Shape);

    private void Predict(int parts, Tensor<T> x, Tensor<T> y, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part =>
        {
            var range = KernelThreads.RangeOf(part, parts, prediction.Length);
            Predict(Part(x.Span, range), Part(y.Span, range), prediction.Writable[range]);
        });

    private void PullBack(
        int parts, int input, Tensor<T> x, Tensor<T> y, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part =>
        {
            var range = KernelThreads.RangeOf(part, parts, error.Length);
            PullBack(
                input, Part(x.Span, range), Part(y.Span, range), prediction.Span[range], error.Span[range],
                result.Writable[range]);
        });

    private void PredictRuns(int parts, Tensor<T> x, Tensor<T> y, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => PredictRuns(part, parts, x, y, prediction));

    private void PredictRuns(int part, int parts, Tensor<T> x, Tensor<T> y, Tensor<T> prediction)
    {
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(prediction.Shape.Rank, 2)];
        var loop = StridedLoop.Broadcast(prediction.Shape, scratch, x.Shape, y.Shape);
        var mu = prediction.Writable;
        for (var rest = GoToPart(ref loop, part, parts); rest > 0; rest--, loop.Next())
            Predict(loop.Operand(0, x.Span), loop.Operand(1, y.Span), mu.Slice(loop.Position, loop.Run));
    }

    private void PullBackRuns(
        int parts, int input, Tensor<T> x, Tensor<T> y, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBackRuns(part, parts, input, x, y, prediction, error, result));

    private void PullBackRuns(
        int part, int parts, int input, Tensor<T> x, Tensor<T> y, Tensor<T> prediction, Tensor<T> error,
        Tensor<T> result)
    {
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(error.Shape.Rank, 2)];
        var loop = StridedLoop.Broadcast(error.Shape, scratch, x.Shape, y.Shape);
        for (var rest = GoToPart(ref loop, part, parts); rest > 0; rest--, loop.Next())
        {
            var (start, run) = (loop.Position, loop.Run);
            PullBack(
                input, loop.Operand(0, x.Span), loop.Operand(1, y.Span), prediction.Span.Slice(start, run),
                error.Span.Slice(start, run), result.Writable.Slice(start, run));
        }
    }

    /// <summary>Goes to the first of a part's runs, and says how many they are.</summary>
    private static int GoToPart(ref StridedLoop loop, int part, int parts)
    {
        var runs = loop.Runs;
        var first = KernelThreads.Start(part, parts, runs);
        if (first > 0 && first < runs) loop.GoTo(first);
        return KernelThreads.Start(part + 1, parts, runs) - first;
    }

    [SkipLocalsInit]
    private void PullBackSum(
        int input, StridedLoop loop, Tensor<T> x, Tensor<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error,
        Span<T> result)
    {
        Span<T> terms = stackalloc T[Terms];
        result.Clear();
        do
        {
            var runX = loop.Operand(0, x.Span);
            var runY = loop.Operand(1, y.Span);
            var stride = loop.Stride(input);
            for (var start = 0; start < loop.Run; start += Terms)
            {
                var count = Math.Min(Terms, loop.Run - start);
                PullBack(
                    input, Part(runX, start, count), Part(runY, start, count), mu.Slice(loop.Position + start, count),
                    error.Slice(loop.Position + start, count), terms[..count]);
                BroadcastSum.AddRun<T>(terms[..count], result[(loop.Offset(input) + (stride * start))..], stride);
            }
        }
        while (loop.Next());
    }

    private static ReadOnlySpan<T> Part(ReadOnlySpan<T> run, int start, int count) =>
        run.Length == 1 ? run : run.Slice(start, count);

    private static ReadOnlySpan<T> Part(ReadOnlySpan<T> run, Range range) => run.Length == 1 ? run : run[range];
}
