using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Sharing;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Normalises rows of an input by their own mean m and variance v: scale (x - m) /
/// sqrt(v + epsilon) + bias.</summary>
/// <remarks>With r = 1 / sqrt(v + epsilon), y = (x - m) r and G = scale E: the pull-backs are r (G
/// - mean(G) - y mean(G y)) to X, the sum of E y over the elements that share it to a scale, and that of E to a bias.
/// Rows are taken in order.</remarks>
internal abstract class RowNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon = settings.Float("epsilon");

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        RequireFit(inputs);
        return inputs[0];
    }

    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var rows = RowsOf(prediction.Shape);
        var count = prediction.Length / rows.Length;
        var parts = KernelThreads.PartsOfElements(5L * prediction.Length, count);
        if (parts == 1) Predict(rows, 0, count, inputs, prediction);
        else Predict(parts, rows, [.. inputs], prediction);
    }

    private void Predict(int parts, NormalizedRows rows, Tensor<T>[] inputs, Tensor<T> prediction)
    {
        var count = prediction.Length / rows.Length;
        KernelThreads.Run(parts, part => Predict(
            rows, KernelThreads.Start(part, parts, count), KernelThreads.Start(part + 1, parts, count), inputs,
            prediction));
    }

    private void Predict(
        NormalizedRows rows, int first, int end, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        var scale = inputs[1].Span;
        var bias = inputs.Length > 2 ? inputs[2].Span : default;
        for (var start = first * rows.Length; start < end * rows.Length; start += rows.Length)
        {
            var x = inputs[0].Span.Slice(start, rows.Length);
            var row = mu.Slice(start, rows.Length);
            var moments = Moments<T>.Of(x, _epsilon, row);
            if (rows.Segment > 1)
            {
                for (var at = 0; at < row.Length; at += rows.Segment)
                {
                    var p = rows.ParameterAt(start + at);
                    var length = Math.Min(rows.Segment, row.Length - at);
                    var shift = bias.IsEmpty ? T.Zero : bias[p];
                    Centered.Scale(x.Slice(at, length), moments.Mean, scale[p] * moments.InverseDeviation, shift,
                        row.Slice(at, length));
                }
                continue;
            }
            var own = rows.ParameterAt(start);
            moments.Normalize(x, row);
            if (bias.IsEmpty) Arithmetic.Multiply(row, scale.Slice(own, row.Length), row);
            else TensorPrimitives.FusedMultiplyAdd(row, scale.Slice(own, row.Length), bias.Slice(own, row.Length), row);
        }
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input > 0) result.Writable.Clear();
        if (error.Length == 0) return;
        var rows = RowsOf(prediction.Shape);
        var count = error.Length / rows.Length;
        // Parameters have sums over the rows.
        var parts = input > 0 ? 1 : KernelThreads.PartsOfElements(10L * error.Length, count);
        if (parts == 1) PullBack(input, rows, 0, count, inputs, error, result);
        else PullBack(parts, input, rows, [.. inputs], error, result);
    }

    private void PullBack(
        int parts, int input, NormalizedRows rows, Tensor<T>[] inputs, Tensor<T> error, Tensor<T> result)
    {
        var count = error.Length / rows.Length;
        KernelThreads.Run(parts, part => PullBack(
            input, rows, KernelThreads.Start(part, parts, count), KernelThreads.Start(part + 1, parts, count), inputs,
            error, result));
    }

    private void PullBack(
        int input, NormalizedRows rows, int first, int end, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error,
        Tensor<T> result)
    {
        var buffer = ArrayPool<T>.Shared.Rent(2 * rows.Length);
        var products = buffer.AsSpan(0, rows.Length);
        var scratch = buffer.AsSpan(rows.Length, rows.Length);
        for (var start = first * rows.Length; start < end * rows.Length; start += rows.Length)
        {
            var x = inputs[0].Span.Slice(start, rows.Length);
            var eps = error.Span.Slice(start, rows.Length);
            if (input == 2)
            {
                AddToParameters(rows, start, eps, result.Writable);
                continue;
            }
            var moments = Moments<T>.Of(x, _epsilon, scratch);
            if (input == 0)
            {
                MultiplyByScale(rows, start, eps, inputs[1].Span, products);
                moments.PullBack(x, products, T.One, scratch, result.Writable.Slice(start, rows.Length));
                continue;
            }
            moments.Normalize(x, products);
            Arithmetic.Multiply(products, eps, products);
            AddToParameters(rows, start, products, result.Writable);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 7L * prediction.Length;

    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => input switch
    {
        0 => 14L * prediction.Length,
        1 => 8L * prediction.Length,
        _ => prediction.Length,
    };

    /// <summary>Refuses shapes that do not fit.</summary>
    protected abstract void RequireFit(ReadOnlySpan<Shape> inputs);

    /// <summary>The rows of an input that is not empty.</summary>
    protected abstract NormalizedRows RowsOf(Shape x);

    /// <summary>Refuses an input that is not a channel's or a group's list of parameters.</summary>
    protected void RequireList(ReadOnlySpan<Shape> inputs, int extent)
    {
        for (var i = 1; i < inputs.Length; i++)
        {
            if (inputs[i].Rank != 1 || inputs[i][0] != extent)
                throw Misfit(
                    $"its input {i} is {inputs[i]}; it must be [{extent}], an element for each channel of X, which "
                    + $"is {inputs[0]}");
        }
    }

    private static void MultiplyByScale(NormalizedRows rows, int start, ReadOnlySpan<T> eps, ReadOnlySpan<T> scale,
        Span<T> result)
    {
        if (rows.Segment == 1)
        {
            Arithmetic.Multiply(eps, scale.Slice(rows.ParameterAt(start), eps.Length), result);
            return;
        }
        for (var at = 0; at < eps.Length; at += rows.Segment)
        {
            var length = Math.Min(rows.Segment, eps.Length - at);
            Arithmetic.Scale(scale[rows.ParameterAt(start + at)], eps.Slice(at, length), result.Slice(at, length));
        }
    }

    private static void AddToParameters(NormalizedRows rows, int start, ReadOnlySpan<T> terms, Span<T> sums)
    {
        if (rows.Segment == 1)
        {
            Arithmetic.AddTo(terms, sums.Slice(rows.ParameterAt(start), terms.Length));
            return;
        }
        for (var at = 0; at < terms.Length; at += rows.Segment)
            sums[rows.ParameterAt(start + at)] += Reductions.Sum(
                terms.Slice(at, Math.Min(rows.Segment, terms.Length - at)));
    }
}

/// <summary>How an array is cut into rows that are normalised by their own moments, and which
/// parameter an element has: element i has parameter (i / <paramref name="Segment"/>) mod
/// <paramref name="Parameters"/>.</summary>
/// <param name="Length">Elements of a row.</param>
/// <param name="Segment">Neighbours that share a parameter: a divisor of a row, or a multiple of it.</param>
/// <param name="Parameters">How many parameters there are.</param>
internal readonly record struct NormalizedRows(int Length, int Segment, int Parameters)
{
    /// <summary>The parameter of an element.</summary>
    public int ParameterAt(int element) => element / Segment % Parameters;
}
