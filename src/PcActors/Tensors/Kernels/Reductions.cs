using System.Numerics;
using System.Numerics.Tensors;
using PcActors.Tensors.Kernels.Lanes;
using PcActors.Tensors.Kernels.Sums;

namespace PcActors.Tensors.Kernels;

/// <summary>Sums and maxima whose bits do not depend on the vector width.</summary>
public static class Reductions
{
    private static readonly VectorWidth Widest = VectorWidths.Widest;

    /// <summary>The sum of the elements, 0 when there are none.</summary>
    /// <remarks>Element i is added to partial sum i mod 64 (floats) or i mod 32 (doubles), and these in halves. Of n
    /// elements the error is at most about (n / 64 + 6) or (n / 32 + 5) half-ulps of the
    /// sum of the magnitudes.</remarks>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Sum(x, Widest);

    /// <summary>The sum of the elements' squares, 0 when there are none; in the order of
    /// <see cref="Sum{T}(ReadOnlySpan{T})"/>, by fused multiply-adds.</summary>
    public static T SumSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SumSquares(x, Widest);

    /// <summary>The sum of the elements' squares in double precision, whatever the elements' own: 512 at a time in
    /// the order of <see cref="Sum{T}(ReadOnlySpan{T})"/>, first to last.</summary>
    internal static double SumSquaresWide<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Part = 512;
        Span<double> wide = stackalloc double[Part];
        var sum = 0.0;
        for (; !x.IsEmpty; x = x[Math.Min(Part, x.Length)..])
        {
            var part = wide[..Math.Min(Part, x.Length)];
            TensorPrimitives.ConvertTruncating<T, double>(x[..part.Length], part);
            sum += SumSquares<double>(part);
        }
        return sum;
    }

    /// <summary>The largest element; NaN when one is NaN, -infinity when there are none. 0 is larger than -0.</summary>
    public static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.IsEmpty ? T.NegativeInfinity : TensorPrimitives.Max(x);

    /// <summary>Adds the rows of a matrix [<paramref name="rows"/>, <paramref name="columns"/>] from zero, first to
    /// last.</summary>
    /// <param name="x">The matrix, row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="result">Receives one sum a column; no part of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">An extent is negative, or a span is shorter than they demand.</exception>
    public static void SumRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SumRows(x, rows, columns, result, Widest);

    /// <summary>In registers of the width given.</summary>
    internal static unsafe T Sum<T>(ReadOnlySpan<T> x, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum;
        fixed (T* source = x) LanesDispatch.Run<T, SumAction<PlainSummand>>(new(source, x.Length, &sum), width);
        return sum;
    }

    /// <summary>In registers of the width given.</summary>
    internal static unsafe T SumSquares<T>(ReadOnlySpan<T> x, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum;
        fixed (T* source = x) LanesDispatch.Run<T, SumAction<SquareSummand>>(new(source, x.Length, &sum), width);
        return sum;
    }

    /// <summary>In registers of the width given.</summary>
    internal static unsafe void SumRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> result, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (x.Length < (long)rows * columns)
            throw new ArgumentException($"{x.Length} elements do not fill {rows} rows of {columns}", nameof(x));
        if (result.Length < columns)
            throw new ArgumentException($"{columns} sums do not fit a result of {result.Length}", nameof(result));
        fixed (T* source = x, sums = result)
            LanesDispatch.Run<T, SumRowsAction>(new(source, rows, columns, sums), width);
    }

    private readonly unsafe struct SumAction<TSummand>(void* x, int length, void* sum) : ILanesAction
        where TSummand : struct, ISummand
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            *(T*)sum = StripedSum<T, TVector, TLanes, TSummand>.Run((T*)x, length);
    }

    private readonly unsafe struct SumRowsAction(void* x, int rows, int columns, void* sums) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            ColumnSums<T, TVector, TLanes>.Run((T*)x, rows, columns, (T*)sums);
    }
}
