using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>ONNX Pow: x to the power of y, element by element, broadcast. A negative base has a power where the exponent is a
/// whole number, and is NaN elsewhere.</summary>
/// <remarks>
/// <para>Attribute: element_type ("float"), the base's; powers of whole numbers are truncated, and have no pull-back.</para>
/// <para>The pull-back is y x^(y - 1) error to x, 0 where y is 0; and mu log(x) error to y, 0 where x is 0 and y is not
/// negative, and NaN where x is negative.</para>
/// </remarks>
public sealed class Pow<T> : BinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isFloat;

    /// <summary>A Pow with the attributes given.</summary>
    /// <exception cref="AttributeException">There is no such element type.</exception>
    public Pow(Attributes attributes)
    {
        Attributes = attributes;
        _isFloat = ElementType.Of(attributes).IsFloat;
    }

    /// <inheritdoc/>
    public override string OperatorType => "Pow";

    /// <inheritdoc/>
    public override Attributes Attributes { get; }

    /// <inheritdoc/>
    public override bool IsDifferentiable(int input) => _isFloat;

    /// <inheritdoc/>
    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 3L * Flops.Transcendental * prediction.Length;

    /// <inheritdoc/>
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        if (y.Length == 1 && y[0] == T.CreateChecked(2) && x.Length == mu.Length)
        {
            TensorPrimitives.Multiply(x, x, mu);
            return;
        }
        var (stepX, stepY) = (Step(x), Step(y));
        for (var i = 0; i < mu.Length; i++)
            mu[i] = Precision.Narrow<T>(Power.Pow(Precision.Widen(x[i * stepX]), Precision.Widen(y[i * stepY])));
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
        var (stepX, stepY) = (Step(x), Step(y));
        for (var i = 0; i < result.Length; i++)
        {
            var (b, exponent) = (Precision.Widen(x[i * stepX]), Precision.Widen(y[i * stepY]));
            var slope = input == 0 ? SlopeByBase(b, exponent) : SlopeByExponent(b, exponent, Precision.Widen(mu[i]));
            result[i] = Precision.Narrow<T>(slope * Precision.Widen(error[i]));
        }
    }

    private static int Step(ReadOnlySpan<T> run) => run.Length == 1 ? 0 : 1;

    private static double SlopeByBase(double x, double y) => y == 0 ? 0 : y * Power.Pow(x, y - 1);

    private static double SlopeByExponent(double x, double y, double mu) => x == 0 && y >= 0 ? 0 : mu * Logarithm.Log(x);
}
