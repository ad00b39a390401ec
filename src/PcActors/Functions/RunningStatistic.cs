using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>A further output of ONNX BatchNormalization in training: momentum times the input
/// mean (or var) plus 1 - momentum times the channel's own mean (or variance).</summary>
/// <remarks>Inputs and attributes: as BatchNormalization's. Pull-backs, over the M elements of a
/// channel: (1 - momentum) E / M, or (1 - momentum) 2 (x - m) E / M, to X; momentum E to the
/// running value; none to the others. A batch without elements leaves the running value as it is.</remarks>
internal sealed class RunningStatistic<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchNormalization<T> _whole;
    private readonly double _momentum;
    private readonly bool _isVariance;

    /// <summary>The running mean or variance of a BatchNormalization with the attributes given.</summary>
    /// <exception cref="AttributeException">It does not train, so there is no such output.</exception>
    public RunningStatistic(OperatorSettings settings)
        : base(settings)
    {
        if (!settings.Flag("training_mode"))
            throw new AttributeException("training_mode is 0, where only the first output exists");
        _whole = new BatchNormalization<T>(settings);
        _momentum = settings.Float("momentum");
        _isVariance = OperatorType == "BatchNormalization:running_var";
    }

    private int Running => _isVariance ? 4 : 3;

    public override bool IsDifferentiable(int input) => input == 0 || input == Running;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        _whole.InferShape(inputs);
        return inputs[Running];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var channels = new ChannelRuns(inputs[0].Shape);
        var running = inputs[Running];
        if (channels.Length == 0)
        {
            running.Span.CopyTo(prediction.Writable);
            return;
        }
        for (var c = 0; c < channels.Channels; c++)
        {
            var moments = channels.MomentsOf(inputs[0].Span, c);
            var current = _isVariance ? moments.Variance : Precision.Widen(moments.Mean);
            prediction.Writable[c] = Precision.Narrow<T>(double.FusedMultiplyAdd(
                Precision.Widen(running.Span[c]), _momentum, current * (1 - _momentum)));
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input == Running)
            Arithmetic.Scale(inputs[0].Length == 0 ? T.One : T.CreateChecked(_momentum), error.Span, result.Writable);
        else if (input != 0 || result.Length == 0) result.Writable.Clear();
        else PullBackToX(inputs[0], error, result.Writable);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (_isVariance ? 4L : 1L) * inputs[0].Length;

    private void PullBackToX(Tensor<T> x, Tensor<T> error, Span<T> result)
    {
        var channels = new ChannelRuns(x.Shape);
        var buffer = ArrayPool<T>.Shared.Rent(2 * channels.Length);
        var own = buffer.AsSpan(0, channels.Length);
        var scratch = buffer.AsSpan(channels.Length, channels.Length);
        for (var c = 0; c < channels.Channels; c++)
        {
            var share = error.Span[c] * T.CreateChecked((1 - _momentum) / channels.Length);
            if (_isVariance)
            {
                channels.Gather(x.Span, c, own);
                var moments = Moments<T>.Of(own, 0, scratch);
                Centered.Scale(own, moments.Mean, share + share, T.Zero, own);
            }
            else own.Fill(share);
            channels.Scatter<T>(own, c, result);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }
}
