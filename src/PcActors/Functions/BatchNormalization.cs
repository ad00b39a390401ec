using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Scalars;
using PcActors.Tensors.Kernels.Sharing;
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
        Remark = "in training by the statistics of a micro-batch, which move mean and var; by mean and var in use",
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
/// are running statistics: each step moves them by the batch's, and predictions outside training are made with them.
/// The further outputs are <c>BatchNormalization:running_mean</c> and <c>BatchNormalization:running_var</c>.</para>
/// <para>With r = 1 / sqrt(v + epsilon), y = (x - m) r and E the error: the pull-backs are
/// sum(E) to B, sum(E y) to scale and, outside of training, scale r E to X, -scale r sum(E) to mean, -1/2 scale r^2
/// sum(E y) to var. In training the one to X goes through the statistics: scale r (E - mean(E) - y mean(E y)).</para>
/// </remarks>
internal sealed class BatchNormalization<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Mean = 3;

    private readonly double _epsilon = settings.Float("epsilon");
    private readonly double _momentum = settings.Float("momentum");
    private bool _training = settings.Flag("training_mode");

    internal override ElementaryFunction<T> ForUse
    {
        get
        {
            if (!_training) return this;
            var use = (BatchNormalization<T>)MemberwiseClone();
            use._training = false;
            return use;
        }
    }

    public override bool IsDifferentiable(int input) => input < Mean || !_training;

    internal override double? RunningMomentum(int input) => _training && input >= Mean ? _momentum : null;

    internal override void Statistic(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> result)
    {
        var channels = new ChannelRuns(inputs[0].Shape);
        // Without elements it stays as it is.
        if (channels.Length == 0)
        {
            inputs[input].Span.CopyTo(result.Writable);
            return;
        }
        for (var c = 0; c < channels.Channels; c++)
        {
            var moments = channels.MomentsOf(inputs[0].Span, c);
            result.Writable[c] = input == Mean ? moments.Mean : Precision.Narrow<T>(moments.Variance);
        }
    }

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
        if (prediction.Length == 0) return;
        var channels = new ChannelRuns(prediction.Shape);
        var parts = KernelThreads.PartsOfElements(5L * prediction.Length, channels.Channels);
        if (parts == 1) Predict(channels, 0, channels.Channels, inputs, prediction);
        else Predict(parts, channels, [.. inputs], prediction);
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
        var parts = KernelThreads.PartsOfElements(10L * prediction.Length, channels.Channels);
        if (parts == 1) PullBack(input, channels, 0, channels.Channels, inputs, error, result);
        else PullBack(parts, input, channels, [.. inputs], error, result);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_training ? 7L : 3L) * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_training && input != 2 ? 14L : 4L) * prediction.Length;

    private void Predict(int parts, ChannelRuns channels, Tensor<T>[] inputs, Tensor<T> prediction) =>
        KernelThreads.Run(parts, part => Predict(
            channels, KernelThreads.Start(part, parts, channels.Channels),
            KernelThreads.Start(part + 1, parts, channels.Channels), inputs, prediction));

    private void Predict(
        ChannelRuns channels, int start, int end, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var buffer = ArrayPool<T>.Shared.Rent(2 * channels.Length);
        var own = buffer.AsSpan(0, channels.Length);
        var scratch = buffer.AsSpan(channels.Length, channels.Length);
        for (var c = start; c < end; c++)
        {
            channels.Gather(inputs[0].Span, c, own);
            var moments = MomentsOf(inputs, c, own, scratch);
            var factor = inputs[1].Span[c] * moments.InverseDeviation;
            channels.Scale(own, c, moments.Mean, factor, inputs[2].Span[c], prediction.Writable);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    private void PullBack(
        int parts, int input, ChannelRuns channels, Tensor<T>[] inputs, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part => PullBack(
            input, channels, KernelThreads.Start(part, parts, channels.Channels),
            KernelThreads.Start(part + 1, parts, channels.Channels), inputs, error, result));

    private void PullBack(
        int input, ChannelRuns channels, int start, int end, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error,
        Tensor<T> result)
    {
        var length = channels.Length;
        var buffer = ArrayPool<T>.Shared.Rent(3 * length);
        var eps = buffer.AsSpan(0, length);
        var own = buffer.AsSpan(length, length);
        var scratch = buffer.AsSpan(2 * length, length);
        for (var c = start; c < end; c++)
        {
            channels.Gather(error.Span, c, eps);
            if (input == 2)
            {
                result.Writable[c] = Reductions.Sum<T>(eps);
                continue;
            }
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
            3 => -(factor * Reductions.Sum(eps)),
            _ => T.CreateChecked(-0.5) * factor * moments.InverseDeviation * moments.Dot(own, eps, scratch),
        };
    }
}
