using System.Numerics;

namespace PcActors.Tensors.Kernels;

/// <summary>Sums and maxima whose bits do not depend on the vector width.</summary>
public static class Reductions
{
    /// <summary>The sum of the elements, 0 when there are none.</summary>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        foreach (var value in x) sum += value;
        return sum;
    }

    /// <summary>The largest element; NaN when one is NaN.</summary>
    public static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var max = T.NegativeInfinity;
        foreach (var value in x) max = T.Max(max, value);
        return max;
    }

    /// <summary>Adds the rows of a matrix [<paramref name="rows"/>, <paramref name="columns"/>], first to last.</summary>
    /// <param name="x">The matrix, row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="result">Receives one sum a column.</param>
    public static void SumRows<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        result[..columns].Clear();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) result[column] += x[(row * columns) + column];
        }
    }
}
