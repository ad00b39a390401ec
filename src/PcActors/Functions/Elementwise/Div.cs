using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Div: x / y, element by element, broadcast. The pull-back is error / y to x and -error mu / y to y.</summary>
public sealed class Div<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Div";

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (input == 0 ? 1L : 3L) * prediction.Length;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Divide(x, y, mu);

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (input == 0)
        {
            Elements.Divide(error, y, result);
            return;
        }
        TensorPrimitives.Multiply(error, mu, result);
        Elements.Divide(result, y, result);
        TensorPrimitives.Negate(result, result);
    }
}
