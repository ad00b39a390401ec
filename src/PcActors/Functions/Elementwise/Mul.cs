using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>ONNX Mul: x y, element by element, broadcast. The pull-back is the error times the other input.</summary>
public sealed class Mul<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string OperatorType => "Mul";

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? prediction.Length : 2L * prediction.Length;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Multiply(x, y, mu);

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Elements.Multiply(error, input == 0 ? y : x, result);
}
