using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Remainders.</summary>
internal static class ModOperators
{
    public static Operator[] All =>
    [
        new("Mod", typeof(Mod<>))
        {
            Inputs = ["A", "B"], Attributes = [Flag("fmod"), Text(ElementType.Attribute)], Since = 10,
        },
    ];
}

/// <summary>ONNX Mod: the remainder of x / y, element by element, broadcast. The pull-back is the error to x, and to y
/// the error times the quotient that was taken away, negated.</summary>
/// <remarks>Attributes: fmod (0): whether the remainder has the sign of x (C's fmod) and not that of y; element_type
/// ("float"): whole numbers have no pull-back. The remainder of a division by 0 is NaN.</remarks>
internal sealed class Mod<T>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _truncates = settings.Flag("fmod");
    private readonly bool _isFloat = ElementType.Of(settings).IsFloat;

    public override bool IsDifferentiable(int input) => _isFloat;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (input == 0 ? 1L : 3L) * prediction.Length;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++)
        {
            var (dividend, divisor) = (x[i * stepX], y[i * stepY]);
            var rest = dividend % divisor;
            if (!_truncates && rest != T.Zero && T.IsNegative(rest) != T.IsNegative(divisor)) rest += divisor;
            mu[i] = rest;
        }
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
            error.CopyTo(result);
            return;
        }
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < result.Length; i++)
        {
            // A whole number, but for rounding.
            var quotient = T.Round((x[i * stepX] - mu[i]) / y[i * stepY]);
            result[i] = -quotient * error[i];
        }
    }
}
