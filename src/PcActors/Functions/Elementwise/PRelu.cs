using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX PRelu: x where it is positive, slope x elsewhere; the slope is broadcast to x.</summary>
/// <remarks>The pull-back is the error to x, times the slope for x of 0 and less; and to the slope x error there, 0 elsewhere.</remarks>
public sealed class PRelu<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "PRelu";

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var shape = base.InferShape(inputs);
        return shape.Equals(inputs[0])
            ? shape
            : throw Misfit($"the slope's shape {inputs[1]} cannot be broadcast to the input's shape {inputs[0]}");
    }

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++) mu[i] = x[i * stepX] > T.Zero ? x[i * stepX] : y[i * stepY] * x[i * stepX];
    }

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < result.Length; i++)
        {
            var isPositive = x[i * stepX] > T.Zero;
            if (input == 0) result[i] = isPositive ? error[i] : y[i * stepY] * error[i];
            else result[i] = isPositive ? T.Zero : x[i * stepX] * error[i];
        }
    }
}
