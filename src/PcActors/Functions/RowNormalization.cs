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
/// About zero m is 0, and so is what stands for mean(G).
/// Sums over rows are taken in order; what is a row's own is shared out among threads.</remarks>
internal abstract class RowNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Times that an element is gone through, about.
    private const long Work = 7;

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
        var (x, scale, bias) = (inputs[0], inputs[1], inputs.Length > 2 ? inputs[2] : null);
        var count = prediction.Length / RowsOf(prediction.Shape).Length;
        var parts = KernelThreads.PartsOfElements(Work * prediction.Length, count);
        if (parts == 1) Predict(x, scale, bias, prediction, 0, count);
        else Predict(parts, count, x, scale, bias, prediction);
    }

    private void Predict(
        int parts, int count, Tensor<T> x, Tensor<T> scale, Tensor<T>? bias, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(x, scale, bias, prediction,
            KernelThreads.Start(part, parts, count), KernelThreads.Start(part + 1, parts, count)));

    /// <summary>The rows from one on to another.</summary>
    private void Predict(
        Tensor<T> input, Tensor<T> scales, Tensor<T>? biases, Tensor<T> prediction, int firstRow, int endRow)
    {
        var mu = prediction.Writable;
        var rows = RowsOf(prediction.Shape);
        var scale = scales.Span;
        var bias = biases is null ? default : biases.Span;
        for (var start = firstRow * rows.Length; start < endRow * rows.Length; start += rows.Length)
        {
            var x = input.Span.Slice(start, rows.Length);
            var row = mu.Slice(start, rows.Length);
            var moments = MomentsOf(x, row);
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
            var first = rows.ParameterAt(start);
            moments.Normalize(x, row);
            if (bias.IsEmpty) Arithmetic.Multiply(row, scale.Slice(first, row.Length), row);
            else TensorPrimitives.FusedMultiplyAdd(row, scale.Slice(first, row.Length), bias.Slice(first, row.Length),
                row);
        }
    }

    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input > 0) result.Writable.Clear();
        if (error.Length == 0) return;
        var count = error.Length / RowsOf(prediction.Shape).Length;
        if (input > 0)
        {
            PullBackToParameters(input, inputs[0], error, result);
            return;
        }
        var (x, scale) = (inputs[0], inputs[1]);
        var parts = KernelThreads.PartsOfElements(Work * error.Length, count);
        if (parts == 1) PullBack(x, scale, error, result, 0, count);
        else PullBack(parts, count, x, scale, error, result);
    }

    private void PullBack(int parts, int count, Tensor<T> x, Tensor<T> scale, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(x, scale, error, result, KernelThreads.Start(part, parts, count),
            KernelThreads.Start(part + 1, parts, count)));

    /// <summary>The pull-back to X, of the rows from one on to another.</summary>
    private void PullBack(
        Tensor<T> input, Tensor<T> scale, Tensor<T> error, Tensor<T> result, int firstRow, int endRow)
    {
        var rows = RowsOf(result.Shape);
        var buffer = ArrayPool<T>.Shared.Rent(2 * rows.Length);
        var products = buffer.AsSpan(0, rows.Length);
        var scratch = buffer.AsSpan(rows.Length, rows.Length);
        for (var start = firstRow * rows.Length; start < endRow * rows.Length; start += rows.Length)
        {
            var x = input.Span.Slice(start, rows.Length);
            var moments = MomentsOf(x, scratch);
            MultiplyByScale(rows, start, error.Span.Slice(start, rows.Length), scale.Span, products);
            moments.PullBack(x, products, T.One, scratch, result.Writable.Slice(start, rows.Length));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>The sums over all rows, in their order.</summary>
    private void PullBackToParameters(int input, Tensor<T> x, Tensor<T> error, Tensor<T> result)
    {
        var rows = RowsOf(x.Shape);
        var buffer = ArrayPool<T>.Shared.Rent(rows.Length);
        var products = buffer.AsSpan(0, rows.Length);
        for (var start = 0; start < error.Length; start += rows.Length)
        {
            var eps = error.Span.Slice(start, rows.Length);
            if (input == 2)
            {
                AddToParameters(rows, start, eps, result.Writable);
                continue;
            }
            var row = x.Span.Slice(start, rows.Length);
            MomentsOf(row, products).Normalize(row, products);
            Arithmetic.Multiply(products, eps, products);
            AddToParameters(rows, start, products, result.Writable);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => Work * prediction.Length;

    public sealed override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) => input switch
    {
        0 => 14L * prediction.Length,
        1 => 8L * prediction.Length,
        _ => prediction.Length,
    };

    /// <summary>Whether rows are normalised about 0 instead of their mean.</summary>
    protected virtual bool IsAboutZero => false;

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

    private Moments<T> MomentsOf(ReadOnlySpan<T> x, Span<T> scratch) =>
        IsAboutZero ? Moments<T>.AboutZero(x, _epsilon) : Moments<T>.Of(x, _epsilon, scratch);

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
