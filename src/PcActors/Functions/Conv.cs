using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Convolution;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Conv: each output channel is the sum over its group's input channels of their cross-correlation with a
/// kernel, plus a bias.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, d_1, ...], with one to three spatial axes; W [M, C / group, k_1, ...]; B [M], optional. mu is
/// [N, M, ...], where an axis of extent d has (d + pads - dilation (k - 1) - 1) / stride + 1 elements, rounded down, or
/// d / stride, rounded up, when auto_pad is SAME_UPPER or SAME_LOWER.</para>
/// <para>Attributes: kernel_shape (W's), strides (1), dilations (1), pads (0), auto_pad (NOTSET), group (1).</para>
/// <para>Pull-backs: the transposed convolution of the error with W to X, the error's
/// cross-correlation with X to W, the sum over samples and positions to B.</para>
/// </remarks>
internal sealed class Conv<T>(OperatorSettings settings) : ConvolutionFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (x, w) = (inputs[0], inputs[1]);
        ConvolutionKernel.Predict(
            Convolution(x.Shape, w.Shape, prediction.Shape), x.Span, w.Span,
            inputs.Length == 3 ? inputs[2].Span : default, prediction.Writable);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var (x, w) = (inputs[0], inputs[1]);
        var shape = Convolution(x.Shape, w.Shape, error.Shape);
        if (input == 0) ConvolutionKernel.PullBackInput(shape, w.Span, error.Span, result.Writable);
        else if (input == 1) ConvolutionWeights.PullBack(shape, x.Span, error.Span, result.Writable);
        else PullBackBias(error, result);
    }

    protected override long Products(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * prediction.Length * inputs[1][1] * Taps(inputs[1]);

    protected override int OutputChannels(Shape x, Shape w)
    {
        var group = Settings.Group;
        if (x[1] != (long)w[1] * group)
            throw Misfit(
                $"X is {x}, W is {w} and group is {group}; X must have {(long)w[1] * group} channels, group times "
                + "W's second extent");
        if (w[0] % group != 0)
            throw Misfit($"W is {w} and group is {group}; the {w[0]} output channels must be divisible by it");
        return w[0];
    }

    protected override long OutputExtent(int axis, int input, int kernel)
    {
        if (Settings.AutoPad is AutoPad.SameUpper or AutoPad.SameLower)
        {
            RequireIndexable(axis, SameExtent(axis, input) * Settings.Stride(axis) + Settings.Reach(axis, kernel));
            return SameExtent(axis, input);
        }
        var padded = (long)input + Settings.Before(axis) + Settings.After(axis);
        var reach = Settings.Reach(axis, kernel);
        RequireIndexable(axis, padded);
        if (reach > padded)
            throw Misfit(
                $"axis {axis + 2} of X has {padded} elements with its pads; the kernel, which reaches over {reach}, "
                + "does not fit");
        return ((padded - reach) / Settings.Stride(axis)) + 1;
    }

    protected override ConvolutionAxis Axis(int axis, int image, int kernel, int output)
    {
        var before = Settings.Before(axis);
        if (Settings.AutoPad is AutoPad.SameUpper or AutoPad.SameLower)
        {
            var pads = Math.Max(((output - 1L) * Settings.Stride(axis)) + Settings.Reach(axis, kernel) - image, 0);
            before = (int)(Settings.AutoPad == AutoPad.SameUpper ? pads / 2 : pads - (pads / 2));
        }
        return new ConvolutionAxis(image, kernel, output, Settings.Stride(axis), Settings.Dilation(axis), before);
    }

    private long SameExtent(int axis, int input) => ((long)input + Settings.Stride(axis) - 1) / Settings.Stride(axis);

    private void RequireIndexable(int axis, long padded)
    {
        if (padded > int.MaxValue)
            throw Misfit($"axis {axis + 2} of X would have {padded} elements with its pads, more than 2^31 - 1");
    }
}

/// <summary>ONNX ConvTranspose: the transpose of Conv's linear part, plus a bias. Each element
/// of X is spread over the output by a kernel.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, d_1, ...], with one to three spatial axes; W [C, M / group, k_1, ...]; B [M], optional. mu is
/// [N, M, ...], where an axis of extent d has stride (d - 1) + output_padding + dilation
/// (k - 1) + 1 - pads elements, or d stride when auto_pad is SAME_UPPER or SAME_LOWER, or output_shape's.</para>
/// <para>Attributes: Conv's; output_padding (0), elements added after each axis; output_shape,
/// the output's spatial extents, from which the pads follow: an odd one before the axis, or after it when
/// auto_pad is SAME_UPPER.</para>
/// <para>Pull-backs: the error's convolution with W to X, X's cross-correlation with the error
/// to W, the sum over samples and positions to B.</para>
/// </remarks>
internal sealed class ConvTranspose<T>(OperatorSettings settings) : ConvolutionFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _outputPadding = ConvolutionAttributes.List(settings, "output_padding");
    private readonly int[]? _outputShape = ConvolutionAttributes.List(settings, "output_shape");

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (x, w) = (inputs[0], inputs[1]);
        var mu = prediction.Writable;
        ConvolutionKernel.PullBackInput(Convolution(prediction.Shape, w.Shape, x.Shape), w.Span, x.Span, mu);
        if (inputs.Length < 3) return;
        var b = inputs[2].Span;
        var length = prediction.Shape.LengthOf(2, prediction.Shape.Rank);
        for (var start = 0; start < mu.Length; start += length)
        {
            var channel = mu.Slice(start, length);
            TensorPrimitives.Add(channel, b[start / length % b.Length], channel);
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var (x, w) = (inputs[0], inputs[1]);
        var shape = Convolution(error.Shape, w.Shape, x.Shape);
        if (input == 0) ConvolutionKernel.Predict(shape, error.Span, w.Span, default, result.Writable);
        else if (input == 1) ConvolutionWeights.PullBack(shape, error.Span, x.Span, result.Writable);
        else PullBackBias(error, result);
    }

    protected override long Products(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * inputs[0].Length * inputs[1][1] * Taps(inputs[1]);

    protected override int OutputChannels(Shape x, Shape w)
    {
        var group = Settings.Group;
        if (x[1] != w[0]) throw Misfit($"X is {x} and W is {w}; W's first extent must be X's {x[1]} channels");
        if (x[1] % group != 0)
            throw Misfit($"X is {x} and group is {group}; X's {x[1]} channels must be divisible by it");
        var axes = w.Rank - 2;
        var wrong = ConvolutionAttributes.WrongLength("output_padding", _outputPadding, axes, "one")
            ?? ConvolutionAttributes.WrongLength("output_shape", _outputShape, axes, "one");
        if (wrong is not null) throw Misfit(wrong);
        var channels = (long)w[1] * group;
        return channels <= int.MaxValue
            ? (int)channels
            : throw Misfit($"W is {w} and group is {group}; the output would have {channels} channels");
    }

    protected override long OutputExtent(int axis, int input, int kernel)
    {
        if (OutputPadding(axis) >= Math.Max(Settings.Stride(axis), Settings.Dilation(axis)) && OutputPadding(axis) > 0)
            throw Misfit(
                $"output_padding is {OutputPadding(axis)} at axis {axis + 2}; it must be less than the stride or the "
                + "dilation");
        var full = FullExtent(axis, input, kernel);
        if (full > int.MaxValue)
            throw Misfit(
                $"axis {axis + 2} of the output would have {full} elements before its pads are removed, more than "
                + "2^31 - 1");
        if (_outputShape is not null) return _outputShape[axis];
        if (IsSame) return (long)input * Settings.Stride(axis);
        var extent = full - Settings.Before(axis) - Settings.After(axis);
        return extent >= 0
            ? extent
            : throw Misfit($"axis {axis + 2} of the output has {full} elements, fewer than the pads that are removed");
    }

    protected override ConvolutionAxis Axis(int axis, int image, int kernel, int output)
    {
        var before = Settings.Before(axis);
        if (IsSame || _outputShape is not null)
        {
            var pads = (int)Math.Max(FullExtent(axis, output, kernel) - image, 0);
            before = Settings.AutoPad == AutoPad.SameUpper ? pads / 2 : pads - (pads / 2);
        }
        return new ConvolutionAxis(image, kernel, output, Settings.Stride(axis), Settings.Dilation(axis), before);
    }

    private bool IsSame => Settings.AutoPad is AutoPad.SameUpper or AutoPad.SameLower;

    private int OutputPadding(int axis) => _outputPadding?[axis] ?? 0;

    /// <summary>The extent of an axis before pads are removed.</summary>
    private long FullExtent(int axis, int input, int kernel) =>
        input == 0
            ? 0
            : ((long)Settings.Stride(axis) * (input - 1)) + OutputPadding(axis) + Settings.Reach(axis, kernel);
}
