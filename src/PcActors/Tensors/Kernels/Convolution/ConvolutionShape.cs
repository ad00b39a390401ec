using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The extents of a convolution with up to three spatial axes, the first of which may not be there.</summary>
/// <remarks>The input is [Samples, Groups x GroupInputs, depth, height, width], the weight
/// [Groups x GroupOutputs, GroupInputs, kernel...], the output [Samples, Groups x GroupOutputs,
/// ...], all row-major.</remarks>
/// <param name="Samples">The batch.</param>
/// <param name="Groups">Groups of channels that have nothing to do with each other.</param>
/// <param name="GroupInputs">Input channels of a group.</param>
/// <param name="GroupOutputs">Output channels of a group.</param>
/// <param name="Depth">The outermost spatial axis.</param>
/// <param name="Height">The middle one.</param>
/// <param name="Width">The innermost one.</param>
internal readonly record struct ConvolutionShape(
    int Samples, int Groups, int GroupInputs, int GroupOutputs, ConvolutionAxis Depth, ConvolutionAxis Height,
    ConvolutionAxis Width)
{
    /// <summary>Elements of a channel of the input.</summary>
    public int Inputs => Depth.Input * Height.Input * Width.Input;

    /// <summary>Elements of a channel of the output.</summary>
    public int Outputs => Depth.Output * Height.Output * Width.Output;

    /// <summary>Taps of the kernel.</summary>
    public int Taps => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Terms of an output: the rows of the matrix of columns.</summary>
    public int Terms => GroupInputs * Taps;

    /// <summary>Multiply-adds.</summary>
    public long Products => (long)Samples * Groups * GroupOutputs * Outputs * Terms;

    /// <summary>Whether the matrix of columns is the input itself.</summary>
    public bool IsPointwise => Depth.IsPointwise && Height.IsPointwise && Width.IsPointwise;

    /// <summary>Whether all strides are 1.</summary>
    public bool IsDense => Depth.Stride == 1 && Height.Stride == 1 && Width.Stride == 1;

    /// <summary>Whether each channel is convolved alone.</summary>
    public bool IsDepthwise => Groups > 1 && GroupInputs == 1 && GroupOutputs == 1;

    /// <summary>The same of a part of the samples, and the first of them.</summary>
    public (ConvolutionShape Shape, int First) PartOf(int part, int parts)
    {
        var first = KernelThreads.Start(part, parts, Samples);
        return (this with { Samples = KernelThreads.Start(part + 1, parts, Samples) - first }, first);
    }

    /// <summary>Where a group of channels of a sample begins in the input.</summary>
    public nint InputStart(int sample, int group) => (((nint)sample * Groups) + group) * GroupInputs * Inputs;

    /// <summary>Where a group of channels of a sample begins in the output.</summary>
    public nint OutputStart(int sample, int group) => (((nint)sample * Groups) + group) * GroupOutputs * Outputs;

    /// <summary>Where a group's weights begin.</summary>
    public nint WeightStart(int group) => (nint)group * GroupOutputs * Terms;
}

/// <summary>One spatial axis of a convolution: output o reads, by tap k of the kernel, the input at
/// <c>o Stride + k Dilation - Before</c>, which is 0 outside.</summary>
/// <param name="Input">The input's extent.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Output">The output's extent.</param>
/// <param name="Stride">The distance of the inputs of neighbouring outputs.</param>
/// <param name="Dilation">The distance of the inputs of neighbouring taps.</param>
/// <param name="Before">Zeros before the input's first element.</param>
internal readonly record struct ConvolutionAxis(int Input, int Kernel, int Output, int Stride, int Dilation, int Before)
{
    /// <summary>An axis that is not there.</summary>
    public static ConvolutionAxis None { get; } = new(1, 1, 1, 1, 1, 0);

    /// <summary>Whether each output reads the input at its own place.</summary>
    public bool IsPointwise => Kernel == 1 && Stride == 1 && Before == 0 && Input == Output;

    /// <summary>The axis of the transpose, of stride 1: with its taps in reverse, it is a convolution too.</summary>
    public ConvolutionAxis Transposed() => new(Output, Kernel, Input, 1, Dilation, ((Kernel - 1) * Dilation) - Before);

    /// <summary>Where in the input an output reads by a tap; outside it, where there are zeros.</summary>
    public int Position(int output, int tap) => (output * Stride) + (tap * Dilation) - Before;

    /// <summary>The first output that reads the input itself by a tap.</summary>
    public int First(int tap) => AtLeast((long)Before - ((long)tap * Dilation));

    /// <summary>The end of the outputs that do; not before the first.</summary>
    public int End(int tap) => Math.Max(First(tap), AtLeast((long)Input + Before - ((long)tap * Dilation)));

    /// <summary>The first output o with o Stride &gt;= place.</summary>
    private int AtLeast(long place) => place <= 0 ? 0 : (int)Math.Min((place + Stride - 1) / Stride, Output);
}
