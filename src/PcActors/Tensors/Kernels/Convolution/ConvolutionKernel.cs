using System.Numerics;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>A convolution y = W * x + b and the transposes of its linear part.</summary>
/// <remarks>The bits follow from the shape alone. No result may share memory with an operand. Threads share out the
/// samples, which have nothing to do with each other; of the transpose to the weight, which is a sum over them, the
/// groups, the input channels, or, where there are few of these, taps.</remarks>
internal static unsafe class ConvolutionKernel
{
    // Fewer input channels cannot be shared out evenly: then their taps are, of which a part has some.
    private const int FewChannels = 4;
    private const int LeastTerms = 8;

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
        var parts = KernelThreads.PartsOf(shape.Products, shape.Samples);
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
        var parts = KernelThreads.PartsOf(shape.Products, shape.Samples);
        if (parts == 1) PullBackInputAlone(shape, w, y, x);
        else
        {
            fixed (T* px = x, pw = w, py = y)
                PullBackInput<T>(shape, parts, new(pw, w.Length), new(py, y.Length), new(px, x.Length));
        }
    }

    /// <summary>w = the sum over samples and outputs of y times what it reads of x.</summary>
    public static void PullBackWeight<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (most, unit, pieces) = shape.Groups > 1 ? (shape.Groups, 1, shape.Groups)
            : IsCutByTaps<T>(shape) ? (shape.Terms, 1, shape.Terms / LeastTerms)
            : (shape.Terms, shape.Taps, shape.GroupInputs);
        var parts = x.IsEmpty || y.IsEmpty ? 1 : KernelThreads.PartsOf(shape.Products, pieces);
        if (parts == 1) PullBackWeightAlone(shape, 0, most, x, y, w, IsForOne(shape));
        else
        {
            fixed (T* px = x, pw = w, py = y)
                PullBackWeight<T>(shape, parts, most, unit, new(px, x.Length), new(py, y.Length), new(pw, w.Length));
        }
    }

    /// <summary>Whether threads share out the taps of channels, and not channels, which columns alone allow.</summary>
    private static bool IsCutByTaps<T>(in ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        KernelThreads.Count > 1 && shape.GroupInputs < FewChannels && shape.Terms >= 2 * LeastTerms
            && !DirectConvolution<T>.PaysWeight(shape, 0, shape.Terms, Widest);

    private static void Predict<T>(ConvolutionShape shape, int parts, Memory<T> x, Memory<T> w, Memory<T> b,
        Memory<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var (own, first) = shape.PartOf(part, parts);
            PredictAlone(
                own, x.Span[(int)shape.InputStart(first, 0)..], w.Span, b.Span,
                y.Span.Slice((int)shape.OutputStart(first, 0), (int)shape.OutputStart(own.Samples, 0)), isForOne: true);
        });

    private static void PullBackInput<T>(ConvolutionShape shape, int parts, Memory<T> w, Memory<T> y, Memory<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var (own, first) = shape.PartOf(part, parts);
            PullBackInputAlone(
                own, w.Span, y.Span[(int)shape.OutputStart(first, 0)..],
                x.Span.Slice((int)shape.InputStart(first, 0), (int)shape.InputStart(own.Samples, 0)));
        });

    private static void PullBackWeight<T>(ConvolutionShape shape, int parts, int most, int unit, Memory<T> x,
        Memory<T> y, Memory<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part => PullBackWeightAlone(
            shape, KernelThreads.Start(part, parts, most, unit), KernelThreads.Start(part + 1, parts, most, unit),
            x.Span, y.Span, w.Span, isForOne: true));

    /// <summary>Whether one thread alone carries a convolution out that is not cut. Where others may help, they share
    /// out the products with columns.</summary>
    private static bool IsForOne(in ConvolutionShape shape) =>
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

    /// <summary>The weights of the groups, or, if there is but one, of the terms, of a range.</summary>
    private static void PullBackWeightAlone<T>(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w, bool isForOne)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (isForOne && DirectConvolution<T>.PaysWeight(shape, start, end, Widest))
            DirectConvolution<T>.PullBackWeight(shape, start, end, x, y, w, Widest);
        else ConvolutionProducts<T>.PullBackWeight(shape, start, end, x, y, w);
    }

    /// <summary>Memory that the caller holds in its place while parts of a kernel work at it.</summary>
    private readonly struct Memory<T>(T* start, int length)
        where T : unmanaged
    {
        /// <summary>Its elements.</summary>
        public Span<T> Span => new(start, length);
    }
}
