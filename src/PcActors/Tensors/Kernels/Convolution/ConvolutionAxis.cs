namespace PcActors.Tensors.Kernels.Convolution;

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
