using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Div: x / y, element by element, broadcast. The pull-back is error / y to x and -error mu / y to y.</summary>
/// <remarks>Attribute: element_type ("float"); whole numbers are divided towards zero, and have no pull-back.</remarks>
public sealed class Div<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isFloat;

    /// <summary>A Div with the attributes given.</summary>
    /// <exception cref="AttributeException">There is no such element type.</exception>
    public Div(Attributes attributes)
    {
        Attributes = attributes;
        _isFloat = ElementType.Of(attributes).IsFloat;
    }

    /// <inheritdoc/>
    public override string OperatorType => "Div";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => _isFloat;

    /// <inheritdoc/>
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (input == 0 ? 1L : 3L) * prediction.Length;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        Elements.Divide(x, y, mu);
        if (!_isFloat) TensorPrimitives.Truncate(mu, mu);
    }

    /// <inheritdoc/>
    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (!_isFloat)
        {
            result.Clear();
            return;
        }
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
