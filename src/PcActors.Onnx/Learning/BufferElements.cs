using System.Numerics.Tensors;

namespace PcActors.Onnx.Learning;

/// <summary>Signs of a buffer among a tensor's elements: masks, tables of sines and cosines, positions, frequencies.
/// </summary>
internal static class BufferElements
{
    // Larger ones are not looked into.
    private const int MostElements = 1 << 24;
    private const double FarBelow = -1e4;
    private const double Large = 100;
    private const double Tolerance = 2e-3;

    // Of the first positions.
    private static readonly double[] Sines = [0, 0.8414709848, 0.9092974268];
    private static readonly double[] Cosines = [1, 0.5403023059, -0.4161468365];

    /// <summary>Why a tensor is taken for no weight, by its elements; null when there is no sign of it.</summary>
    public static string? SignOf(OnnxTensor tensor)
    {
        if (tensor.Shape.Length > MostElements) return null;
        var values = tensor.Floats();
        if (values.IsEmpty) return null;
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            return "it holds infinities or no numbers, as a mask does";
        if (IsMask(values)) return "it is a mask of large numbers";
        if (IsTriangle(values, tensor.Shape.Dimensions)) return "it is a triangle of ones, as a causal mask is";
        int[] extents = [.. tensor.Shape.Dimensions.ToArray().Where(e => e > 1)];
        if (extents.Length == 2 && IsOfSines(values, extents[0], extents[1]))
            return "it is a table of sines or cosines, as of positions";
        if (extents.Length != 1) return null;
        return IsCounting(values) ? "it counts 0, 1, 2, ..., as positions do"
            : IsGeometric(values) ? "it is a geometric series, as of frequencies"
            : null;
    }

    /// <summary>Whether there are numbers far below zero and besides only zeros, or zeros and one large
    /// number.</summary>
    private static bool IsMask(ReadOnlySpan<float> values)
    {
        var (large, hasZeros, areAlike, areFarBelow) = (0f, false, true, true);
        foreach (var value in values)
        {
            if (value == 0)
            {
                hasZeros = true;
                continue;
            }
            if (large == 0) large = value;
            areAlike &= value == large && Math.Abs(value) >= Large;
            areFarBelow &= value <= FarBelow;
            if (!areAlike && !areFarBelow) return false;
        }
        return large != 0 && (areFarBelow || (areAlike && hasZeros));
    }

    /// <summary>Whether the last two axes hold ones on one side of the diagonal, with it or without, and zeros on the
    /// other.</summary>
    private static bool IsTriangle(ReadOnlySpan<float> values, ReadOnlySpan<int> extents)
    {
        if (extents.Length < 2 || extents[^1] < 2 || extents[^1] != extents[^2]) return false;
        var n = extents[^1];
        // The corners tell the side, the first element whether the diagonal belongs to it.
        var (isUpper, hasDiagonal) = (values[n - 1] == 1, values[0] == 1);
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / n % n, i % n);
            if (values[i] != ((row == column ? hasDiagonal : column > row == isUpper) ? 1 : 0))
                return false;
        }
        return true;
    }

    /// <summary>Whether each column of a table is a sinusoid of the row, and not all of one frequency: so are a sine's
    /// values in a row.</summary>
    private static bool IsOfSines(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (TensorPrimitives.MaxMagnitude(values) is not (> 0.8f and < 1.001f)) return false;
        if (rows < 4) return BeginsWithSines(values, rows, columns);
        var (slowest, fastest) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var column = 0; column < columns; column++)
        {
            // Of a sinusoid x[i - 1] + x[i + 1] is 2 cos(frequency) x[i].
            var (product, square, largest) = (0.0, 0.0, 0.0);
            for (var i = 1; i < rows - 1; i++)
            {
                var (around, here) = (Around(values, i), (double)values[(i * columns) + column]);
                (product, square) = (product + (around * here), square + (here * here));
                largest = Math.Max(largest, Math.Max(Math.Abs(here), Math.Abs(around) / 2));
            }
            var twice = square == 0 ? 0 : product / square;
            if (Math.Abs(twice) > 2 + Tolerance) return false;
            for (var i = 1; i < rows - 1; i++)
            {
                if (Math.Abs(Around(values, i) - (twice * values[(i * columns) + column])) > Tolerance * largest)
                    return false;
            }
            if (largest > 0) (slowest, fastest) = (Math.Max(slowest, twice), Math.Min(fastest, twice));

            double Around(ReadOnlySpan<float> x, int i) =>
                (double)x[((i - 1) * columns) + column] + x[((i + 1) * columns) + column];
        }
        // A constant is none, nor is a line.
        return fastest < 1.99 && slowest - fastest > 0.01;
    }

    /// <summary>Whether positions from 0 on have zeros and ones in the first row, and their sine or cosine in the first
    /// column.</summary>
    private static bool BeginsWithSines(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values[..columns].ContainsAnyExcept(0f, 1f)) return false;
        for (var i = 1; i < rows; i++)
        {
            if (Math.Abs(values[i * columns] - (values[0] == 0 ? Sines : Cosines)[i]) > Tolerance) return false;
        }
        return true;
    }

    private static bool IsCounting(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != i) return false;
        }
        return values.Length > 2;
    }

    private static bool IsGeometric(ReadOnlySpan<float> values)
    {
        if (values.Length < 4 || values[0] is not (> 0 and <= 1)) return false;
        var ratio = (double)values[1] / values[0];
        for (var i = 1; i < values.Length; i++)
        {
            var isAway = Math.Abs(values[i] - (ratio * values[i - 1])) > Tolerance * values[i - 1];
            if (isAway || values[i] <= 0) return false;
        }
        return ratio is > 0 and < 0.99;
    }
}
