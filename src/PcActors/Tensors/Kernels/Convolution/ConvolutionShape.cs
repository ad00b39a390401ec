namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The extents of a convolution with up to three spatial axes, the first of which may not be there.</summary>
/// <remarks>The input is [Samples, Groups x GroupInputs, depth, height, width], the weight [Groups x GroupOutputs, GroupInputs,
/// kernel...], the output [Samples, Groups x GroupOutputs, ...], all row-major.</remarks>
/// <param name="Samples">The batch.</param>
/// <param name="Groups">Groups of channels that have nothing to do with each other.</param>
/// <param name="GroupInputs">Input channels of a group.</param>
/// <param name="GroupOutputs">Output channels of a group.</param>
/// <param name="Depth">The outermost spatial axis.</param>
/// <param name="Height">The middle one.</param>
/// <param name="Width">The innermost one.</param>
internal readonly record struct ConvolutionShape(
    int Samples, int Groups, int GroupInputs, int GroupOutputs, ConvolutionAxis Depth, ConvolutionAxis Height, ConvolutionAxis Width)
{
    /// <summary>Elements of a channel of the input.</summary>
    public int Inputs => Depth.Input * Height.Input * Width.Input;

    /// <summary>Elements of a channel of the output.</summary>
    public int Outputs => Depth.Output * Height.Output * Width.Output;

    /// <summary>Terms of an output: the rows of the matrix of columns.</summary>
    public int Terms => GroupInputs * Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Whether the matrix of columns is the input itself.</summary>
    public bool IsPointwise => Depth.IsPointwise && Height.IsPointwise && Width.IsPointwise;

    /// <summary>Whether all strides are 1.</summary>
    public bool IsDense => Depth.Stride == 1 && Height.Stride == 1 && Width.Stride == 1;

    /// <summary>Whether each channel is convolved alone.</summary>
    public bool IsDepthwise => Groups > 1 && GroupInputs == 1 && GroupOutputs == 1;

    /// <summary>Where a group of channels of a sample begins in the input.</summary>
    public nint InputStart(int sample, int group) => (((nint)sample * Groups) + group) * GroupInputs * Inputs;

    /// <summary>Where a group of channels of a sample begins in the output.</summary>
    public nint OutputStart(int sample, int group) => (((nint)sample * Groups) + group) * GroupOutputs * Outputs;

    /// <summary>Where a group's weights begin.</summary>
    public nint WeightStart(int group) => (nint)group * GroupOutputs * Terms;
}
