using PcActors.Tensors;

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
    public static void Gather<T>(ReadOnlySpan<T> source, int start, ReadOnlySpan<int> strides, Shape shape, Span<T> result)
    {
        if (result.IsEmpty) return;
        var loop = Loop(shape, strides, stackalloc int[StridedLoop.Scratch(shape.Rank, 1)]);
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
    public static void Scatter<T>(ReadOnlySpan<T> source, Shape shape, Span<T> result, int start, ReadOnlySpan<int> strides)
    {
        if (source.IsEmpty) return;
        var loop = Loop(shape, strides, stackalloc int[StridedLoop.Scratch(shape.Rank, 1)]);
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

    private static StridedLoop Loop(Shape shape, ReadOnlySpan<int> strides, Span<int> scratch)
    {
        var loop = new StridedLoop(1, scratch);
        for (var axis = 0; axis < shape.Rank; axis++) loop.Append(shape.Dimensions[axis], strides[axis]);
        return loop;
    }
}
