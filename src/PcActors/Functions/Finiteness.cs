using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>What is no finite number.</summary>
internal static class FinitenessOperators
{
    private const string Nothing = "truth values; nothing is pulled back";

    public static Operator[] All =>
    [
        Operator.Elementwise<IsInf>("IsInf") with
        {
            Attributes = [Flag("detect_negative", true), Flag("detect_positive", true)],
            Output = OutputKind.Condition, Since = 10, Remark = Nothing,
        },
        Operator.Elementwise<IsNaN>("IsNaN") with { Output = OutputKind.Condition, Since = 9, Remark = Nothing },
    ];
}

/// <summary>ONNX IsInf: 1 where an element is infinite, and 0 elsewhere. Nothing is pulled back.</summary>
/// <remarks>Attributes: detect_negative (1), detect_positive (1): which infinities count.</remarks>
internal readonly struct IsInf(bool negative, bool positive) : IScalarMap<IsInf>
{
    public static IsInf From(OperatorSettings settings) =>
        new(settings.Flag("detect_negative"), settings.Flag("detect_positive"));

    public double Value(double x) =>
        (double.IsNegativeInfinity(x) && negative) || (double.IsPositiveInfinity(x) && positive) ? 1 : 0;

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX IsNaN: 1 where an element is no number, and 0 elsewhere. Nothing is pulled back.</summary>
internal readonly struct IsNaN : IScalarMap<IsNaN>
{
    public double Value(double x) => double.IsNaN(x) ? 1 : 0;

    public double Slope(double x, double mu) => 0;
}
