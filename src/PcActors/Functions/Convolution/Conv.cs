using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Convolution;

namespace PcActors.Functions;

/// <summary>ONNX Conv: each output channel is the sum over its group's input channels of their cross-correlation with a
/// kernel, plus a bias.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, d_1, ...], with one to three spatial axes; W [M, C / group, k_1, ...]; B [M], optional. mu is
/// [N, M, ...], where an axis of extent d has (d + pads - dilation (k - 1) - 1) / stride + 1 elements, rounded down, or
/// d / stride, rounded up, when auto_pad is SAME_UPPER or SAME_LOWER.</para>
/// <para>Attributes: kernel_shape (W's), strides (1), dilations (1), pads (0), auto_pad (NOTSET), group (1).</para>
/// <para>Pull-backs: the transposed convolution of the error with W to X, the error's cross-correlation with X to W, the sum
/// over samples and positions to B.</para>
/// </remarks>
public sealed class Conv<T> : ConvolutionFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A Conv with the attributes given.</summary>
    /// <exception cref="AttributeException">One is out of range, or both pads and auto_pad are given.</exception>
    public Conv(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public override string OperatorType => "Conv";

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var (x, w) = (inputs[0], inputs[1]);
        ConvolutionKernel.Predict(
            Convolution(x.Shape, w.Shape, prediction.Shape), x.Span, w.Span, inputs.Length == 3 ? inputs[2].Span : default, prediction.Writable);
    }

    /// <inheritdoc/>
    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var (x, w) = (inputs[0], inputs[1]);
        var shape = Convolution(x.Shape, w.Shape, error.Shape);
        if (input == 0) ConvolutionKernel.PullBackInput(shape, w.Span, error.Span, result.Writable);
        else if (input == 1) ConvolutionKernel.PullBackWeight(shape, x.Span, error.Span, result.Writable);
        else PullBackBias(error, result);
    }

    private protected override long Products(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        2L * prediction.Length * inputs[1][1] * Taps(inputs[1]);

    private protected override int OutputChannels(Shape x, Shape w)
    {
        var group = Settings.Group;
        if (x[1] != (long)w[1] * group)
            throw Misfit($"X is {x}, W is {w} and group is {group}; X must have {(long)w[1] * group} channels, group times W's second extent");
        if (w[0] % group != 0) throw Misfit($"W is {w} and group is {group}; the {w[0]} output channels must be divisible by it");
        return w[0];
    }

    private protected override long OutputExtent(int axis, int input, int kernel)
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
            throw Misfit($"axis {axis + 2} of X has {padded} elements with its pads; the kernel, which reaches over {reach}, does not fit");
        return ((padded - reach) / Settings.Stride(axis)) + 1;
    }

    private protected override ConvolutionAxis Axis(int axis, int image, int kernel, int output)
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
        if (padded > int.MaxValue) throw Misfit($"axis {axis + 2} of X would have {padded} elements with its pads, more than 2^31 - 1");
    }
}
