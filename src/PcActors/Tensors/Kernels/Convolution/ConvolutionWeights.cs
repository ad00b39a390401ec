using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Products;
using PcActors.Tensors.Kernels.Sharing;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The transpose of a convolution to its weight: a sum over samples, made by sections of them that are added
/// in order.</summary>
/// <remarks>The bits follow from the shape alone; the output channels have no say. Threads share out the sections: each
/// then reads samples that it has made itself, and not a share of everybody's. Where there is but one section, or all
/// their sums would be large, threads share out the groups, the input channels, or, where there are few of these, taps.
/// </remarks>
internal static unsafe class ConvolutionWeights
{
    // Fewer input channels cannot be shared out evenly: then their taps are, of which a part has some.
    private const int FewChannels = 4;
    private const int LeastTerms = 8;

    // Elements of all sections' sums up to which they are kept beside each other.
    private const long MostSums = 4 << 20;

    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>w = the sum over samples and outputs of y times what it reads of x.</summary>
    public static void PullBack<T>(in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sections = shape.Sections;
        var whole = shape.Groups > 1 ? shape.Groups : shape.Terms;
        var bySections = x.IsEmpty || y.IsEmpty || (long)sections * w.Length > MostSums ? 1
            : KernelThreads.PartsOf(shape.Products, sections);
        if (bySections > 1)
        {
            fixed (T* px = x, pw = w, py = y)
                PullBack<T>(shape, bySections, whole, new(px, x.Length), new(py, y.Length), new(pw, w.Length));
            return;
        }
        var (unit, pieces) = shape.Groups > 1 ? (1, shape.Groups)
            : IsCutByTaps<T>(shape) ? (1, shape.Terms / LeastTerms)
            : (shape.Taps, shape.GroupInputs);
        var parts = x.IsEmpty || y.IsEmpty ? 1 : KernelThreads.PartsOf(shape.Products, pieces);
        if (parts == 1) InOrder(shape, 0, whole, x, y, w, ConvolutionKernel.IsForOne(shape));
        else
        {
            fixed (T* px = x, pw = w, py = y)
                PullBack<T>(shape, parts, whole, unit, new(px, x.Length), new(py, y.Length), new(pw, w.Length));
        }
    }

    /// <summary>Whether threads share out the taps of channels, and not channels, which columns alone allow.</summary>
    private static bool IsCutByTaps<T>(in ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        KernelThreads.Count > 1 && shape.GroupInputs < FewChannels && shape.Terms >= 2 * LeastTerms
            && !DirectConvolution<T>.PaysWeight(shape, 0, shape.Terms, Widest);

    /// <summary>Parts of some sections each.</summary>
    private static void PullBack<T>(ConvolutionShape shape, int parts, int whole, HeldMemory<T> x, HeldMemory<T> y,
        HeldMemory<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sections = shape.Sections;
        var length = w.Span.Length;
        // The first section's are the weights themselves.
        var sums = Sums<T>((sections - 1) * length);
        KernelThreads.Run(parts, part =>
        {
            var end = KernelThreads.Start(part + 1, parts, sections);
            for (var section = KernelThreads.Start(part, parts, sections); section < end; section++)
            {
                var target = section == 0 ? w.Span : sums.Span.Slice((section - 1) * length, length);
                Section<T>(shape, section, 0, whole, x.Span, y.Span, target, isForOne: true);
            }
        });
        for (var section = 1; section < sections; section++)
            TensorPrimitives.Add(w.Span, sums.Span.Slice((section - 1) * length, length), w.Span);
    }

    /// <summary>Parts of a range of groups or terms each.</summary>
    private static void PullBack<T>(ConvolutionShape shape, int parts, int whole, int unit, HeldMemory<T> x,
        HeldMemory<T> y, HeldMemory<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part => InOrder<T>(
            shape, KernelThreads.Start(part, parts, whole, unit), KernelThreads.Start(part + 1, parts, whole, unit),
            x.Span, y.Span, w.Span, isForOne: true));

    /// <summary>All sections of a range of groups or terms, one after the other.</summary>
    private static void InOrder<T>(in ConvolutionShape shape, int start, int end, ReadOnlySpan<T> x, ReadOnlySpan<T> y,
        Span<T> w, bool isForOne)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sections = shape.Sections;
        Section(shape, 0, start, end, x, y, w, isForOne);
        if (sections == 1) return;
        var sums = Sums<T>(w.Length).Span;
        var (rows, row, first, length) = shape.Groups > 1
            ? (1, w.Length, (int)shape.WeightStart(start), (int)shape.WeightStart(end - start))
            : (shape.GroupOutputs, shape.Terms, start, end - start);
        for (var section = 1; section < sections; section++)
        {
            Section(shape, section, start, end, x, y, sums, isForOne);
            for (var i = 0; i < rows; i++, first += row)
            {
                var target = w.Slice(first, length);
                TensorPrimitives.Add(target, sums.Slice(first, length), target);
            }
            first -= rows * row;
        }
    }

    /// <summary>The weights of the groups, or, if there is but one, of the terms, of a range, over the samples of a
    /// section.</summary>
    private static void Section<T>(in ConvolutionShape whole, int section, int start, int end, ReadOnlySpan<T> x,
        ReadOnlySpan<T> y, Span<T> w, bool isForOne)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (shape, first) = whole.PartOf(section, whole.Sections);
        x = x[(int)shape.InputStart(first, 0)..];
        y = y[(int)shape.OutputStart(first, 0)..];
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, start, end, x, y, w);
        else if (isForOne && DirectConvolution<T>.PaysWeight(shape, start, end, Widest))
            DirectConvolution<T>.PullBackWeight(shape, start, end, x, y, w, Widest);
        else ConvolutionProducts<T>.PullBackWeight(shape, start, end, x, y, w);
    }

    private static HeldMemory<T> Sums<T>(int length)
        where T : unmanaged => new((T*)Workspace.Current.Sums((long)length * Unsafe.SizeOf<T>()), length);
}
