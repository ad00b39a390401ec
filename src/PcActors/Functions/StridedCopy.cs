using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>Copies between a dense array and elements of another that lie with strides.</summary>
internal static class StridedCopy
{
    /// <summary>Row-major strides of a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="strides">Receives one stride an axis.</param>
    public static void RowMajor(Shape shape, Span<int> strides)
    {
        var step = 1;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape.Dimensions[axis];
        }
    }

    /// <summary>Reads strided elements into a dense array.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="start">The first of them; strides may be negative.</param>
    /// <param name="strides">One stride an axis.</param>
    /// <param name="shape">The dense array's shape.</param>
    /// <param name="result">The dense array.</param>
    public static void Gather<T>(ReadOnlySpan<T> source, int start, ReadOnlySpan<int> strides, Shape shape,
        Span<T> result)
        where T : unmanaged =>
        Gather(source, start, strides, shape.Dimensions, result);

    /// <summary>Reads strided elements into a dense array of the extents given.</summary>
    public static void Gather<T>(
        ReadOnlySpan<T> source, int start, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents, Span<T> result)
        where T : unmanaged
    {
        if (result.IsEmpty) return;
        var parts = extents.Length < 2 ? 1 : KernelThreads.PartsOfElements(2L * result.Length, extents[0]);
        if (parts == 1) GatherAlone(source, start, strides, extents, result);
        else Share(parts, source, start, strides, extents, result);
    }

    /// <summary>Threads share out the indices of the first axis.</summary>
    private static unsafe void Share<T>(
        int parts, ReadOnlySpan<T> source, int start, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents,
        Span<T> result)
        where T : unmanaged
    {
        fixed (T* from = source, to = result)
            Share<T>(parts, (nint)from, source.Length, start, [.. strides], [.. extents], (nint)to, result.Length);
    }

    private static unsafe void Share<T>(
        int parts, nint source, int length, int start, int[] strides, int[] extents, nint result, int count)
        where T : unmanaged => KernelThreads.Run(parts, part =>
        {
            var first = KernelThreads.Start(part, parts, extents[0]);
            int[] own = [KernelThreads.Start(part + 1, parts, extents[0]) - first, .. extents.AsSpan(1)];
            var step = count / extents[0];
            GatherAlone(
                new ReadOnlySpan<T>((void*)source, length), start + (first * strides[0]), strides, own,
                new Span<T>((T*)result + ((nint)first * step), own[0] * step));
        });

    private static void GatherAlone<T>(
        ReadOnlySpan<T> source, int start, ReadOnlySpan<int> strides, ReadOnlySpan<int> extents, Span<T> result)
        where T : unmanaged
    {
        if (result.IsEmpty) return;
        var loop = Loop(extents, strides, stackalloc int[StridedLoop.Scratch(extents.Length, 1)]);
        if (loop.Rank > 1 && loop.Stride(0) != 1 && loop.Stride(0, loop.Rank - 2) == 1)
        {
            var (width, stride) = loop.TakeLast();
            do
            {
                var matrix = result.Slice(loop.Position * width, loop.Run * width);
                GatherColumns(source, start + loop.Offset(0), stride, matrix, width);
            }
            while (loop.Next());
            return;
        }
        do
        {
            var run = result.Slice(loop.Position, loop.Run);
            var (at, stride) = (start + loop.Offset(0), loop.Stride(0));
            if (stride == 1) source.Slice(at, run.Length).CopyTo(run);
            else
            {
                for (var i = 0; i < run.Length; i++) run[i] = source[at + (i * stride)];
            }
        }
        while (loop.Next());
    }

    /// <summary>Writes a dense array into strided elements; no two may be the same.</summary>
    /// <param name="source">The dense array.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="result">Where the elements are.</param>
    /// <param name="start">The first of them; strides may be negative.</param>
    /// <param name="strides">One stride an axis.</param>
    public static void Scatter<T>(ReadOnlySpan<T> source, Shape shape, Span<T> result, int start,
        ReadOnlySpan<int> strides) =>
        Scatter(source, shape.Dimensions, result, start, strides);

    /// <summary>Writes a dense array of the extents given into strided elements; no two may be the same.</summary>
    public static void Scatter<T>(
        ReadOnlySpan<T> source, ReadOnlySpan<int> extents, Span<T> result, int start, ReadOnlySpan<int> strides)
    {
        if (source.IsEmpty) return;
        var loop = Loop(extents, strides, stackalloc int[StridedLoop.Scratch(extents.Length, 1)]);
        do
        {
            var run = source.Slice(loop.Position, loop.Run);
            var (at, stride) = (start + loop.Offset(0), loop.Stride(0));
            if (stride == 1) run.CopyTo(result[at..]);
            else
            {
                for (var i = 0; i < run.Length; i++) result[at + (i * stride)] = run[i];
            }
        }
        while (loop.Next());
    }

    /// <summary>Reads a matrix whose columns lie densely and whose rows have a stride: a transposition.</summary>
    private static unsafe void GatherColumns<T>(
        ReadOnlySpan<T> source, int start, int stride, Span<T> result, int width)
        where T : unmanaged
    {
        var height = result.Length / width;
        // One check for all that is read.
        fixed (T* from = source.Slice(start, ((width - 1) * stride) + height), to = result)
        {
            // Bits are bits, whatever they stand for.
            if (sizeof(T) == sizeof(float))
                Transposition.Run(width, height, (float*)from, stride, (float*)to, width);
            else if (sizeof(T) == sizeof(double))
                Transposition.Run(width, height, (double*)from, stride, (double*)to, width);
            else GatherColumns(from, stride, to, width, height);
        }
    }

    private static unsafe void GatherColumns<T>(T* from, int stride, T* to, int width, int height)
        where T : unmanaged
    {
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                to[(row * width) + column] = from[row + ((nint)column * stride)];
        }
    }

    private static StridedLoop Loop(ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, Span<int> scratch)
    {
        var loop = new StridedLoop(1, scratch);
        for (var axis = 0; axis < extents.Length; axis++) loop.Append(extents[axis], strides[axis]);
        return loop;
    }
}
