using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Functions;

/// <summary>Determinants.</summary>
internal static class DetOperators
{
    public static Operator[] All => [new("Det", typeof(Det<>)) { Since = 11 }];
}

/// <summary>ONNX Det: the determinant of each square matrix of the last two axes. The pull-back is the error times the
/// matrix of cofactors, which is the determinant times the inverse, transposed.</summary>
/// <remarks>Computed in float64 by elimination with the largest pivot of each column; a cofactor is the determinant of
/// its minor, which a singular matrix has too.</remarks>
internal sealed class Det<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var x = inputs[0];
        return x.Rank >= 2 && x[^1] == x[^2]
            ? new Shape(x.Dimensions[..^2])
            : throw Misfit($"X is {x}; its last two axes must be those of square matrices");
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var order = inputs[0].Shape[^1];
        var matrix = ArrayPool<double>.Shared.Rent(Math.Max(1, order * order));
        for (var i = 0; i < prediction.Length; i++)
        {
            var x = inputs[0].Span.Slice(i * order * order, order * order);
            for (var k = 0; k < x.Length; k++) matrix[k] = Precision.Widen(x[k]);
            prediction.Writable[i] = Precision.Narrow<T>(Elimination.Determinant(matrix, order));
        }
        ArrayPool<double>.Shared.Return(matrix);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var order = inputs[0].Shape[^1];
        var minor = ArrayPool<double>.Shared.Rent(Math.Max(1, order * order));
        for (var i = 0; i < result.Length; i++)
        {
            var (which, place) = (i / (order * order), i % (order * order));
            var (row, column) = (place / order, place % order);
            var x = inputs[0].Span.Slice(which * order * order, order * order);
            var k = 0;
            for (var at = 0; at < x.Length; at++)
            {
                if (at / order != row && at % order != column) minor[k++] = Precision.Widen(x[at]);
            }
            var cofactor = Elimination.Determinant(minor, order - 1) * ((row + column) % 2 == 0 ? 1 : -1);
            result.Writable[i] = Precision.Narrow<T>(cofactor * Precision.Widen(error.Span[which]));
        }
        ArrayPool<double>.Shared.Return(minor);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)inputs[0].Length * inputs[0][^1];

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[0].Length * (long)inputs[0][^1] * inputs[0][^1] * inputs[0][^1];
}

/// <summary>Elimination of the elements below the diagonal.</summary>
internal static class Elimination
{
    /// <summary>The determinant of a matrix, which is used up.</summary>
    public static double Determinant(Span<double> matrix, int order)
    {
        var determinant = 1.0;
        for (var column = 0; column < order; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < order; row++)
            {
                if (Math.Abs(matrix[(row * order) + column]) > Math.Abs(matrix[(pivot * order) + column])) pivot = row;
            }
            var largest = matrix[(pivot * order) + column];
            if (largest == 0) return 0;
            if (pivot != column)
            {
                determinant = -determinant;
                for (var k = 0; k < order; k++)
                    (matrix[(pivot * order) + k], matrix[(column * order) + k]) =
                        (matrix[(column * order) + k], matrix[(pivot * order) + k]);
            }
            determinant *= largest;
            for (var row = column + 1; row < order; row++)
            {
                var factor = matrix[(row * order) + column] / largest;
                for (var k = column; k < order; k++)
                    matrix[(row * order) + k] -= factor * matrix[(column * order) + k];
            }
        }
        return determinant;
    }
}
