using System.Numerics;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution y = W * x + b and the transposes of its linear part, on the calling thread.</summary>
/// <remarks>The bits follow from the shape alone. No result may share memory with an operand.</remarks>
internal static class ConvolutionKernel
{
    /// <summary>y = W * x + b.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weight.</param>
    /// <param name="b">One number for each output channel; empty for none.</param>
    /// <param name="y">Receives the output.</param>
    public static void Predict<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.Predict(shape, x, w, b, y);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.Predict(shape, x, w, b, y);
        else ConvolutionProducts<T>.Predict(shape, x, w, b, y);
    }

    /// <summary>x = W^T * y, of an output's error y or the input y of a transposed convolution.</summary>
    public static void PullBackInput<T>(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackInput(shape, w, y, x);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackInput(shape, w, y, x);
        else ConvolutionProducts<T>.PullBackInput(shape, w, y, x);
    }

    /// <summary>w = the sum over samples and outputs of y times what it reads of x.</summary>
    public static void PullBackWeight<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackWeight(shape, x, y, w);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, x, y, w);
        else ConvolutionProducts<T>.PullBackWeight(shape, x, y, w);
    }
}
