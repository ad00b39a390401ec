using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Batch normalization, and its further outputs.</summary>
internal static class BatchNormalizationOperators
{
    private static Operator Whole => new("BatchNormalization", typeof(BatchNormalization<>))
    {
        Inputs = ["X", "scale", "B", Setting("mean"), Setting("var")],
        Attributes = [Float("epsilon", 1e-5), Float("momentum", 0.9), Flag("training_mode")],
        Remark = "in training by the statistics of a micro-batch; nothing to mean and var then",
    };

    public static Operator[] All =>
    [
        Whole,
        Whole with { Name = "BatchNormalization:running_mean", Function = typeof(RunningStatistic<>) },
        Whole with { Name = "BatchNormalization:running_var", Function = typeof(RunningStatistic<>) },
    ];
}

/// <summary>ONNX BatchNormalization: scale_c (x - m_c) / sqrt(v_c + epsilon) + B_c for each channel c.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, ...], scale, B, mean, var, each [C]. Attributes: epsilon (1e-5),
/// momentum (0.9), training_mode (0). Outside of training m and v are the inputs mean and var. In training they are the
/// channel's own mean and variance (over N, so the batch that is meant is one micro-batch), and the inputs
/// serve the further outputs alone: <c>BatchNormalization:running_mean</c> and
/// <c>BatchNormalization:running_var</c>.</para>
/// <para>With r = 1 / sqrt(v + epsilon), y = (x - m) r and E the error: the pull-backs are
/// sum(E) to B, sum(E y) to scale and, outside of training, scale r E to X, -scale r sum(E) to mean, -1/2 scale r^2
/// sum(E y) to var. In training the one to X goes through the statistics: scale r (E - mean(E) - y mean(E y)).</para>
/// </remarks>
internal sealed class BatchNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _epsilon = settings.Float("epsilon");
    private readonly bool _training = settings.Flag("training_mode");

    public override bool IsDifferentiable(int input) => input < 3 || !_training;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        if (inputs[0].Rank < 2) throw Misfit($"X is {inputs[0]}; it must be [batch, channels, ...]");
        for (var i = 1; i < inputs.Length; i++)
        {
            if (inputs[i].Rank != 1 || inputs[i][0] != inputs[0][1])
                throw Misfit(
                    $"its input {i} is {inputs[i]}; it must be [{inputs[0][1]}], an element for each channel of X, "
                    + $"which is {inputs[0]}");
        }
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        if (x.IsEmpty) return;
        var channels = new ChannelRuns(prediction.Shape);
        var buffer = ArrayPool<T>.Shared.Rent(2 * channels.Length);
        var own = buffer.AsSpan(0, channels.Length);
        var scratch = buffer.AsSpan(channels.Length, channels.Length);
        for (var c = 0; c < channels.Channels; c++)
        {
            channels.Gather(x, c, own);
            var moments = MomentsOf(inputs, c, own, scratch);
            Centered.Scale(own, moments.Mean, inputs[1].Span[c] * moments.InverseDeviation, inputs[2].Span[c], own);
            channels.Scatter<T>(own, c, prediction.Writable);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (!IsDifferentiable(input) || error.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        var channels = new ChannelRuns(prediction.Shape);
        var length = channels.Length;
        var buffer = ArrayPool<T>.Shared.Rent(3 * length);
        var eps = buffer.AsSpan(0, length);
        var own = buffer.AsSpan(length, length);
        var scratch = buffer.AsSpan(2 * length, length);
        for (var c = 0; c < channels.Channels; c++)
        {
            channels.Gather(error.Span, c, eps);
            channels.Gather(inputs[0].Span, c, own);
            var moments = MomentsOf(inputs, c, own, scratch);
            if (input == 0)
            {
                PullBackToX(moments, inputs[1].Span[c], own, eps, scratch);
                channels.Scatter<T>(eps, c, result.Writable);
            }
            else result.Writable[c] = PullBackToParameter(input, moments, inputs[1].Span[c], own, eps, scratch);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_training ? 7L : 3L) * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_training && input != 2 ? 14L : 4L) * prediction.Length;

    private Moments<T> MomentsOf(ReadOnlySpan<Tensor<T>> inputs, int channel, ReadOnlySpan<T> own, Span<T> scratch) =>
        _training
        ? Moments<T>.Of(own, _epsilon, scratch)
        : Moments<T>.Of(inputs[3].Span[channel], Precision.Widen(inputs[4].Span[channel]), _epsilon);

    /// <summary>Makes the pull-back to X of a channel's error.</summary>
    private void PullBackToX(Moments<T> moments, T scale, ReadOnlySpan<T> own, Span<T> eps, Span<T> scratch)
    {
        if (_training) moments.PullBack(own, eps, scale, scratch, eps);
        else Arithmetic.Scale<T>(scale * moments.InverseDeviation, eps, eps);
    }

    private static T PullBackToParameter(
        int input, Moments<T> moments, T scale, ReadOnlySpan<T> own, ReadOnlySpan<T> eps, Span<T> scratch)
    {
        var factor = scale * moments.InverseDeviation;
        return input switch
        {
            1 => moments.Dot(own, eps, scratch),
            2 => Reductions.Sum(eps),
            3 => -(factor * Reductions.Sum(eps)),
            _ => T.CreateChecked(-0.5) * factor * moments.InverseDeviation * moments.Dot(own, eps, scratch),
        };
    }
}

/// <summary>An array [N, C, ...] by channels: a channel's elements are N runs of neighbours.</summary>
/// <param name="shape">Its shape, of two axes or more.</param>
internal readonly struct ChannelRuns(Shape shape)
{
    private readonly int _samples = shape.Dimensions[0];

    /// <summary>How many channels there are.</summary>
    public int Channels { get; } = shape.Dimensions[1];

    /// <summary>Elements of a run.</summary>
    public int Run { get; } = shape.LengthOf(2, shape.Rank);

    /// <summary>Elements of a channel.</summary>
    public int Length => _samples * Run;

    /// <summary>Copies a channel's elements out of the array, in order.</summary>
    public void Gather<T>(ReadOnlySpan<T> array, int channel, Span<T> elements)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < _samples; n++, at += step) elements[n] = array[at];
            return;
        }
        for (var n = 0; n < _samples; n++, at += step) array.Slice(at, Run).CopyTo(elements.Slice(n * Run, Run));
    }

    /// <summary>Copies a channel's elements into the array.</summary>
    public void Scatter<T>(ReadOnlySpan<T> elements, int channel, Span<T> array)
    {
        var (step, at) = (Channels * Run, channel * Run);
        if (Run == 1)
        {
            for (var n = 0; n < _samples; n++, at += step) array[at] = elements[n];
            return;
        }
        for (var n = 0; n < _samples; n++, at += step) elements.Slice(n * Run, Run).CopyTo(array.Slice(at, Run));
    }
}
