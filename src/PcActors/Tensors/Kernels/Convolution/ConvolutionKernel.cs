using System.Numerics;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution y = W * x + b and the transpose to its input; that to its weight is
/// <see cref="ConvolutionWeights"/>'.</summary>
/// <remarks>The bits follow from the shape alone. No result may share memory with an operand. Threads share out the
/// samples, which have nothing to do with each other.</remarks>
internal static unsafe class ConvolutionKernel
{
    // Outputs of a channel that a part has at least where there are more parts than threads: each part goes through all
    // weights.
    private const int LeastOutputs = 32;

    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>y = W * x + b.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weight.</param>
    /// <param name="b">One number for each output channel; empty for none.</param>
    /// <param name="y">Receives the output.</param>
    public static void Predict<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b,
        Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = PartsOf(shape);
        if (parts == 1) PredictAlone(shape, x, w, b, y, IsForOne(shape));
        else
        {
            fixed (T* px = x, pw = w, pb = b, py = y)
                Predict<T>(shape, parts, new(px, x.Length), new(pw, w.Length), new(pb, b.Length), new(py, y.Length));
        }
    }

    /// <summary>x = W^T * y, of an output's error y or the input y of a transposed convolution.</summary>
    public static void PullBackInput<T>(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = PartsOf(shape);
        if (parts == 1) PullBackInputAlone(shape, w, y, x);
        else
        {
            fixed (T* px = x, pw = w, py = y)
                PullBackInput<T>(shape, parts, new(pw, w.Length), new(py, y.Length), new(px, x.Length));
        }
    }

    private static void Predict<T>(ConvolutionShape shape, int parts, HeldMemory<T> x, HeldMemory<T> w,
        HeldMemory<T> b, HeldMemory<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var (own, first) = shape.PartOf(part, parts);
            PredictAlone(
                own, x.Span[(int)shape.InputStart(first, 0)..], w.Span, b.Span,
                y.Span.Slice((int)shape.OutputStart(first, 0), (int)shape.OutputStart(own.Samples, 0)), isForOne: true);
        });

    private static void PullBackInput<T>(ConvolutionShape shape, int parts, HeldMemory<T> w, HeldMemory<T> y,
        HeldMemory<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var (own, first) = shape.PartOf(part, parts);
            PullBackInputAlone(
                own, w.Span, y.Span[(int)shape.OutputStart(first, 0)..],
                x.Span.Slice((int)shape.InputStart(first, 0), (int)shape.InputStart(own.Samples, 0)));
        });

    /// <summary>Into how many parts of the samples a convolution is cut.</summary>
    private static int PartsOf(in ConvolutionShape shape)
    {
        var most = Math.Max((long)shape.Samples * shape.Outputs / LeastOutputs, KernelThreads.Count);
        return KernelThreads.PartsOf(shape.Products, (int)Math.Min(most, shape.Samples));
    }

    /// <summary>Whether one thread alone carries a convolution out that is not cut. Where others may help, they share
    /// out the products with columns.</summary>
    public static bool IsForOne(in ConvolutionShape shape) =>
        KernelThreads.PartsOf(shape.Products, KernelThreads.Count) == 1;

    private static void PredictAlone<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> w,
        ReadOnlySpan<T> b, Span<T> y, bool isForOne)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.Predict(shape, x, w, b, y);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.Predict(shape, x, w, b, y);
        else if (isForOne && DirectConvolution<T>.PaysPredict(shape, Widest))
            DirectConvolution<T>.Predict(shape, x, w, b, y, Widest);
        else ConvolutionProducts<T>.Predict(shape, x, w, b, y);
    }

    private static void PullBackInputAlone<T>(in ConvolutionShape shape, ReadOnlySpan<T> w, ReadOnlySpan<T> y,
        Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackInput(shape, w, y, x);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackInput(shape, w, y, x);
        else ConvolutionProducts<T>.PullBackInput(shape, w, y, x);
    }
}
