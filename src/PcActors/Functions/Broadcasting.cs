using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Sums over broadcast axes: what the pull-back to a broadcast input does, and what ReduceSum does.</summary>
/// <remarks>The order is fixed. An element starts from zero and takes its terms in row-major
/// order, one by one where the last axis is kept; where the last axis is summed, a run along it is first summed by
/// <c>Reductions.Sum</c>.</remarks>
internal static class BroadcastSum
{
    /// <summary>The sum of an error over the axes along which an input was broadcast.</summary>
    /// <param name="error">The error.</param>
    /// <param name="result">Receives the sums; its shape broadcasts to the error's.</param>
    public static void To<T>(Tensor<T> error, Tensor<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => To(error.Shape, error.Span, result);

    /// <summary>The same of an error that lies somewhere else.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="error">Its elements.</param>
    /// <param name="result">Receives the sums; its shape broadcasts to the error's.</param>
    public static void To<T>(Shape shape, ReadOnlySpan<T> error, Tensor<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.Length == error.Length)
        {
            error.CopyTo(result.Writable);
            return;
        }
        if (error.Length == 0 || result.Length == 0)
        {
            result.Writable.Clear();
            return;
        }
        Span<int> scratch = stackalloc int[StridedLoop.Scratch(shape.Rank, 1)];
        Over(StridedLoop.Broadcast(shape, scratch, result.Shape), error, result.Writable);
    }

    /// <summary>Sums in the order of a loop whose space is the source's and whose first
    /// operand is the result.</summary>
    public static void Over<T>(StridedLoop loop, ReadOnlySpan<T> source, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (loop.Rank == 2 && loop.Stride(0, 0) == 0 && loop.Stride(0, 1) == 1)
        {
            Reductions.SumRows(source, source.Length / loop.Run, loop.Run, result);
            return;
        }
        result.Clear();
        do
        {
            AddRun(source.Slice(loop.Position, loop.Run), result[loop.Offset(0)..], loop.Stride(0));
        }
        while (loop.Next());
    }

    /// <summary>The other way: each element of the first operand in all its places of the loop's space.</summary>
    public static void Spread<T>(StridedLoop loop, ReadOnlySpan<T> source, Span<T> result)
    {
        do
        {
            var run = result.Slice(loop.Position, loop.Run);
            if (loop.Stride(0) == 0) run.Fill(source[loop.Offset(0)]);
            else source.Slice(loop.Offset(0), loop.Run).CopyTo(run);
        }
        while (loop.Next());
    }

    /// <summary>Adds a run of terms to the elements that they belong to.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="result">Where the run begins in the result.</param>
    /// <param name="stride">1 when each term has an element of its own, 0 when all belong to the first.</param>
    public static void AddRun<T>(ReadOnlySpan<T> terms, Span<T> result, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (stride == 0) result[0] += Reductions.Sum(terms);
        else TensorPrimitives.Add(result[..terms.Length], terms, result[..terms.Length]);
    }
}

/// <summary>The four arithmetic operations on a run, where either operand may be one element that
/// serves the whole run.</summary>
/// <remarks>Each is one correctly rounded operation an element, so its bits do not depend
/// on the vector width.</remarks>
internal static class Elements
{
    /// <summary>x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Add(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Add(x, y[0], result);
        else TensorPrimitives.Add(y, x[0], result);
    }

    /// <summary>x - y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Subtract(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Subtract(x, y[0], result);
        else TensorPrimitives.Subtract(x[0], y, result);
    }

    /// <summary>x y.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Multiply(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Multiply(x, y[0], result);
        else TensorPrimitives.Multiply(y, x[0], result);
    }

    /// <summary>x / y.</summary>
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length == y.Length) TensorPrimitives.Divide(x, y, result);
        else if (y.Length == 1) TensorPrimitives.Divide(x, y[0], result);
        else TensorPrimitives.Divide(x[0], y, result);
    }
}
