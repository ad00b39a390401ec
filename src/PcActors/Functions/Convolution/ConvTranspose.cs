using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Convolution;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX ConvTranspose: the transpose of Conv's linear part, plus a bias. Each element of X is spread over the output
/// by a kernel.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, d_1, ...], with one to three spatial axes; W [C, M / group, k_1, ...]; B [M], optional. mu is
/// [N, M, ...], where an axis of extent d has stride (d - 1) + output_padding + dilation (k - 1) + 1 - pads elements, or
/// d stride when auto_pad is SAME_UPPER or SAME_LOWER, or output_shape's.</para>
/// <para>Attributes: Conv's; output_padding (0), elements added after each axis; output_shape, the output's spatial extents,
/// from which the pads follow: an odd one before the axis, or after it when auto_pad is SAME_UPPER.</para>
/// <para>Pull-backs: the error's convolution with W to X, X's cross-correlation with the error to W, the sum over samples and
/// positions to B.</para>
/// </remarks>
public sealed class ConvTranspose<T> : ConvolutionFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[]? _outputPadding;
    private readonly int[]? _outputShape;

    /// <summary>A ConvTranspose with the attributes given.</summary>
    /// <exception cref="AttributeException">One is out of range, or both pads and auto_pad are given.</exception>
    public ConvTranspose(Attributes attributes)
        : base(attributes)
    {
        _outputPadding = ConvolutionAttributes.List(attributes, "output_padding", 0);
        _outputShape = ConvolutionAttributes.List(attributes, "output_shape", 1);
    }

    /// <inheritdoc/>
    public override string OperatorType => "ConvTranspose";

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var (x, w) = (inputs[0], inputs[1]);
        var shape = Convolution(error.Shape, w.Shape, x.Shape);
        if (input == 0) ConvolutionKernel.Predict(shape, error.Span, w.Span, default, result.Writable);
        else if (input == 1) ConvolutionKernel.PullBackWeight(shape, error.Span, x.Span, result.Writable);
        else PullBackBias(error, result);
    }

    private protected override long Products(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * inputs[0].Length * inputs[1][1] * Taps(inputs[1]);

    private protected override int OutputChannels(Shape x, Shape w)
    {
        var group = Settings.Group;
        if (x[1] != w[0]) throw Misfit($"X is {x} and W is {w}; W's first extent must be X's {x[1]} channels");
        if (x[1] % group != 0) throw Misfit($"X is {x} and group is {group}; X's {x[1]} channels must be divisible by it");
        var axes = w.Rank - 2;
        var wrong = ConvolutionAttributes.WrongLength("output_padding", _outputPadding, axes, "one")
            ?? ConvolutionAttributes.WrongLength("output_shape", _outputShape, axes, "one");
        if (wrong is not null) throw Misfit(wrong);
        var channels = (long)w[1] * group;
        return channels <= int.MaxValue ? (int)channels : throw Misfit($"W is {w} and group is {group}; the output would have {channels} channels");
    }

    private protected override long OutputExtent(int axis, int input, int kernel)
    {
        if (OutputPadding(axis) >= Math.Max(Settings.Stride(axis), Settings.Dilation(axis)) && OutputPadding(axis) > 0)
            throw Misfit($"output_padding is {OutputPadding(axis)} at axis {axis + 2}; it must be less than the stride or the dilation");
        var full = FullExtent(axis, input, kernel);
        if (full > int.MaxValue) throw Misfit($"axis {axis + 2} of the output would have {full} elements before its pads are removed, more than 2^31 - 1");
        if (_outputShape is not null) return _outputShape[axis];
        if (IsSame) return (long)input * Settings.Stride(axis);
        var extent = full - Settings.Before(axis) - Settings.After(axis);
        return extent >= 0 ? extent : throw Misfit($"axis {axis + 2} of the output has {full} elements, fewer than the pads that are removed");
    }

    private protected override ConvolutionAxis Axis(int axis, int image, int kernel, int output)
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
        input == 0 ? 0 : ((long)Settings.Stride(axis) * (input - 1)) + OutputPadding(axis) + Settings.Reach(axis, kernel);
}
