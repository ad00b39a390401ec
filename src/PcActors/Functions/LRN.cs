using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Normalization over neighbouring channels.</summary>
internal static class ChannelNormalizationOperators
{
    public static Operator[] All =>
    [
        new("LRN", typeof(LRN<>))
        {
            Attributes = [Integer("size", null, 1, int.MaxValue).Required, Float("alpha", 0.0001), Float("beta", 0.75),
                Float("bias", 1)],
        },
    ];
}

/// <summary>ONNX LRN, local response normalization: x / s^beta, with s = bias + alpha / size
/// times the sum of x^2 over the neighbouring channels.</summary>
/// <remarks>
/// <para>The input is [N, C, ...]. Attributes: size, how many channels are summed, which must be set: those from
/// floor((size - 1) / 2) before to ceil((size - 1) / 2) after; alpha (0.0001), beta (0.75), bias (1).</para>
/// <para>The pull-back is error_c / s_c^beta - 2 alpha beta / size x_c sum(error_k x_k /
/// s_k^(beta + 1)), over the channels k in whose sum x_c has a part.</para>
/// </remarks>
internal sealed class LRN<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _before;
    private readonly int _after;
    private readonly double _share;
    private readonly double _beta;
    private readonly double _bias;

    public LRN(OperatorSettings settings)
        : base(settings)
    {
        var size = settings.Integer("size");
        _before = (int)(size - 1) / 2;
        _after = (int)(size - 1) - _before;
        _share = settings.Float("alpha") / size;
        _beta = settings.Float("beta");
        _bias = settings.Float("bias");
    }

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0].Rank >= 2
            ? inputs[0]
            : throw Misfit($"the input's shape is {inputs[0]}; it must be [batch, channels, ...]");
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (mu.IsEmpty) return;
        var column = new ChannelColumn(prediction.Shape);
        for (var i = 0; i < column.Count; i++)
        {
            for (var c = 0; c < column.Channels; c++)
            {
                var at = column.At(i, c);
                mu[at] = Precision.Narrow<T>(Precision.Widen(x[at]) * Power.Pow(Scale(x, column, i, c), -_beta));
            }
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var x = inputs[0].Span;
        var eps = error.Span;
        if (eps.IsEmpty) return;
        var column = new ChannelColumn(result.Shape);
        var parts = ArrayPool<double>.Shared.Rent(2 * column.Channels);
        var ratios = parts.AsSpan(column.Channels);
        for (var i = 0; i < column.Count; i++)
        {
            for (var c = 0; c < column.Channels; c++)
            {
                var at = column.At(i, c);
                var scale = Scale(x, column, i, c);
                parts[c] = Precision.Widen(eps[at]) * Power.Pow(scale, -_beta);
                ratios[c] = parts[c] * Precision.Widen(x[at]) / scale;
            }
            for (var c = 0; c < column.Channels; c++)
            {
                var sum = 0.0;
                // Channel k sums x from k - before to k + after.
                var last = Math.Min((long)c + _before, column.Channels - 1);
                for (var k = Math.Max(c - _after, 0); k <= last; k++) sum += ratios[k];
                var at = column.At(i, c);
                result.Writable[at] = Precision.Narrow<T>(
                    parts[c] - (2 * _share * _beta * Precision.Widen(x[at]) * sum));
            }
        }
        ArrayPool<double>.Shared.Return(parts);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        ((3L * Flops.Transcendental) + (2L * Math.Min(_before + _after + 1L, prediction[1]))) * prediction.Length;

    /// <summary>s of one element.</summary>
    private double Scale(ReadOnlySpan<T> x, ChannelColumn column, int i, int channel)
    {
        var sum = 0.0;
        var last = Math.Min((long)channel + _after, column.Channels - 1);
        for (var c = Math.Max(channel - _before, 0); c <= last; c++)
        {
            var value = Precision.Widen(x[column.At(i, c)]);
            sum = double.FusedMultiplyAdd(value, value, sum);
        }
        return double.FusedMultiplyAdd(_share, sum, _bias);
    }
}

/// <summary>An array [N, C, ...] as columns of C channels, one for each sample and place.</summary>
/// <param name="shape">Its shape, of two axes or more.</param>
internal readonly struct ChannelColumn(Shape shape)
{
    private readonly int _places = shape.LengthOf(2, shape.Rank);

    /// <summary>Elements of a column.</summary>
    public int Channels { get; } = shape.Dimensions[1];

    /// <summary>How many columns there are.</summary>
    public int Count { get; } = shape.Dimensions[0] * shape.LengthOf(2, shape.Rank);

    /// <summary>Where a column's element of a channel is.</summary>
    public int At(int column, int channel) =>
        (((column / _places * Channels) + channel) * _places) + (column % _places);
}
