using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Products;
using PcActors.Tensors.Kernels.Sharing;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The transpose of a convolution to its weight: a sum over samples.</summary>
/// <remarks>The bits follow from the shape alone; the output channels have no say. The sum is one of products with the
/// columns of some samples each, added in order. Where weights are few and products many, threads share these out: each
/// then reads mostly samples that it has made itself, and not a share of everybody's. Else they share out the groups,
/// the input channels, or, where there are few of these, taps.</remarks>
internal static unsafe class ConvolutionWeights
{
    // Fewer input channels cannot be shared out evenly: then their taps are, of which a part has some.
    private const int FewChannels = 4;
    private const int LeastTerms = 8;

    // Weights, and elements of all products, up to which the products are kept until they are added.
    private const int MostWeights = 32 << 10;
    private const long MostSums = 1 << 20;

    // Products for each thread: with fewer, the last one, which may be small, leaves threads uneven.
    private const int LeastProducts = 3;

    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>w = the sum over samples and outputs of y times what it reads of x.</summary>
    public static void PullBack<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = shape.Groups > 1 ? shape.Groups : shape.Terms;
        var products = Products(shape);
        var parts = products < LeastProducts * KernelThreads.Count || w.Length > MostWeights
            || (long)products * w.Length > MostSums ? 1 : KernelThreads.PartsOf(shape.Products, products);
        if (parts > 1)
        {
            fixed (T* px = x, pw = w, py = y)
                BySamples<T>(shape, products, parts, whole, new(px, x.Length), new(py, y.Length), new(pw, w.Length));
            return;
        }
        var (unit, pieces) = shape.Groups > 1 ? (1, shape.Groups)
            : IsCutByTaps<T>(shape) ? (1, shape.Terms / LeastTerms)
            : (shape.Taps, shape.GroupInputs);
        parts = x.IsEmpty || y.IsEmpty ? 1 : KernelThreads.PartsOf(shape.Products, pieces);
        if (parts == 1) Alone(shape, 0, whole, x, y, w, ConvolutionKernel.IsForOne(shape));
        else
        {
            fixed (T* px = x, pw = w, py = y)
                ByWeights<T>(shape, parts, whole, unit, new(px, x.Length), new(py, y.Length), new(pw, w.Length));
        }
    }

    /// <summary>How many products the sum is of, if each has all outputs of some samples; else 1.</summary>
    private static int Products(in ConvolutionShape shape)
    {
        if (shape.IsDepthwise || shape.Products == 0) return 1;
        var chunks = new ColumnChunks(shape);
        return chunks.Columns < shape.Outputs ? 1 : ((shape.Samples - 1) / chunks.Samples) + 1;
    }

    /// <summary>Whether threads share out the taps of channels, and not channels, which columns alone allow.</summary>
    private static bool IsCutByTaps<T>(in ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        KernelThreads.Count > 1 && shape.GroupInputs < FewChannels && shape.Terms >= 2 * LeastTerms
            && !DirectConvolution<T>.PaysWeight(shape, 0, shape.Terms, Widest);

    /// <summary>Parts of some products each. The first part adds its own up at once; those of the others are kept, and
    /// added in order.</summary>
    private static void BySamples<T>(ConvolutionShape shape, int products, int parts, int whole, HeldMemory<T> x,
        HeldMemory<T> y, HeldMemory<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var length = w.Span.Length;
        var kept = KernelThreads.Start(1, parts, products);
        var sums = new HeldMemory<T>(
            (T*)Workspace.Current.Sums((long)(products - kept) * length * Unsafe.SizeOf<T>()),
            (products - kept) * length);
        KernelThreads.Run(parts, part =>
        {
            var end = KernelThreads.Start(part + 1, parts, products);
            if (part == 0) Some<T>(shape, 0, end, whole, x.Span, y.Span, w.Span);
            for (var product = part == 0 ? end : KernelThreads.Start(part, parts, products); product < end; product++)
            {
                Some<T>(shape, product, product + 1, whole, x.Span, y.Span,
                    sums.Span.Slice((product - kept) * length, length));
            }
        });
        for (var product = kept; product < products; product++)
            TensorPrimitives.Add(w.Span, sums.Span.Slice((product - kept) * length, length), w.Span);
    }

    /// <summary>Parts of a range of groups or terms each.</summary>
    private static void ByWeights<T>(ConvolutionShape shape, int parts, int whole, int unit, HeldMemory<T> x,
        HeldMemory<T> y, HeldMemory<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part => Alone<T>(
            shape, KernelThreads.Start(part, parts, whole, unit), KernelThreads.Start(part + 1, parts, whole, unit),
            x.Span, y.Span, w.Span, isForOne: true));

    /// <summary>The sum of some of the products.</summary>
    private static void Some<T>(in ConvolutionShape shape, int start, int end, int whole, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var each = new ColumnChunks(shape).Samples;
        var first = start * each;
        Alone(shape with { Samples = Math.Min(end * each, shape.Samples) - first }, 0, whole,
            x[(int)shape.InputStart(first, 0)..], y[(int)shape.OutputStart(first, 0)..], w, isForOne: true);
    }

    /// <summary>The weights of the groups, or, if there is but one, of the terms, of a range.</summary>
    private static void Alone<T>(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x, ReadOnlySpan<T> y,
        Span<T> w, bool isForOne)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (isForOne && DirectConvolution<T>.PaysWeight(shape, start, end, Widest))
            DirectConvolution<T>.PullBackWeight(shape, start, end, x, y, w, Widest);
        else ConvolutionProducts<T>.PullBackWeight(shape, start, end, x, y, w);
    }
}
