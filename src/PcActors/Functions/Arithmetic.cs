using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Functions of two elements.</summary>
internal static class ArithmeticOperators
{
    public static Operator[] All =>
    [
        new("Add", typeof(Add<>)) { Inputs = ["A", "B"] },
        new("Div", typeof(Div<>)) { Inputs = ["A", "B"], Attributes = [Text(ElementType.Attribute)] },
        new("Mul", typeof(Mul<>)) { Inputs = ["A", "B"] },
        new("Pow", typeof(Pow<>)) { Inputs = ["X", "Y"], Attributes = [Text(ElementType.Attribute)] },
        new("PRelu", typeof(PRelu<>)) { Inputs = ["X", "slope"] },
        new("Sub", typeof(Sub<>)) { Inputs = ["A", "B"] },
    ];
}

/// <summary>ONNX Add: x + y, element by element, broadcast. The pull-back is the error.</summary>
internal sealed class Add<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) => !IsBroadcast(input, inputs);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        BroadcastSum.To(error, result);

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? 0 : prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Add(x, y, mu);

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        error.CopyTo(result);
}

/// <summary>ONNX Sub: x - y, element by element, broadcast. The pull-back is the error to x and -error to y.</summary>
internal sealed class Sub<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool PassesError(int input, ReadOnlySpan<Shape> inputs) =>
        input == 0 && !IsBroadcast(input, inputs);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        BroadcastSum.To(error, result);
        // A negation is exact, so it commutes with the sum.
        if (input == 1) TensorPrimitives.Negate(result.Span, result.Writable);
    }

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? 0 : prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Subtract(x, y, mu);

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (input == 0) error.CopyTo(result);
        else TensorPrimitives.Negate(error, result);
    }
}

/// <summary>ONNX Mul: x y, element by element, broadcast. The pull-back is the error times the other input.</summary>
internal sealed class Mul<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        inputs[input].Length == prediction.Length ? prediction.Length : 2L * prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu) => Elements.Multiply(x, y, mu);

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        Elements.Multiply(error, input == 0 ? y : x, result);
}

/// <summary>ONNX Div: x / y, element by element, broadcast. The pull-back is error / y to x and
/// -error mu / y to y.</summary>
/// <remarks>Attribute: element_type ("float"); whole numbers are divided towards zero, and have no pull-back.</remarks>
internal sealed class Div<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isFloat = ElementType.Of(settings).IsFloat;

    public override bool IsDifferentiable(int input) => _isFloat;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (input == 0 ? 1L : 3L) * prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        Elements.Divide(x, y, mu);
        if (!_isFloat) TensorPrimitives.Truncate(mu, mu);
    }

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

/// <summary>ONNX Pow: x to the power of y, element by element, broadcast. A negative base has a
/// power where the exponent is a whole number, and is NaN elsewhere.</summary>
/// <remarks>
/// <para>Attribute: element_type ("float"), the base's; powers of whole numbers are truncated,
/// and have no pull-back.</para>
/// <para>The pull-back is y x^(y - 1) error to x, 0 where y is 0; and mu log(x) error to y, 0 where x is 0 and y is not
/// negative, and NaN where x is negative.</para>
/// </remarks>
internal sealed class Pow<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isFloat = ElementType.Of(settings).IsFloat;

    public override bool IsDifferentiable(int input) => _isFloat;

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        3L * Flops.Transcendental * prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        if (_isFloat && y.Length == 1 && x.Length == mu.Length && FixedPower.TryPredict(x, Precision.Widen(y[0]), mu))
            return;
        var (stepX, stepY) = (Step(x), Step(y));
        for (var i = 0; i < mu.Length; i++)
            mu[i] = Precision.Narrow<T>(Power.Pow(Precision.Widen(x[i * stepX]), Precision.Widen(y[i * stepY])));
        if (!_isFloat) TensorPrimitives.Truncate(mu, mu);
    }

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        if (!_isFloat)
        {
            result.Clear();
            return;
        }
        if (input == 0 && y.Length == 1 && x.Length == result.Length
            && FixedPower.TryPullBack(x, Precision.Widen(y[0]), error, result))
            return;
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

    private static double SlopeByExponent(double x, double y, double mu) =>
        x == 0 && y >= 0 ? 0 : mu * Logarithm.Log(x);
}

/// <summary>ONNX PRelu: x where it is positive, slope x elsewhere; the slope is broadcast to x.</summary>
/// <remarks>The pull-back is the error to x, times the slope for x of 0 and less; and to the slope x error
/// there, 0 elsewhere.</remarks>
internal sealed class PRelu<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var shape = base.InferShape(inputs);
        return shape.Equals(inputs[0])
            ? shape
            : throw Misfit($"the slope's shape {inputs[1]} cannot be broadcast to the input's shape {inputs[0]}");
    }

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++) mu[i] = x[i * stepX] > T.Zero ? x[i * stepX] : y[i * stepY] * x[i * stepX];
    }

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
