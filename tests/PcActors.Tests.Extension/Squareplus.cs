using PcActors.Functions;

namespace PcActors.Tests.Extension;

/// <summary>Squareplus (Barron, 2021): (x + sqrt(x^2 + b)) / 2. The pull-back is (1 + x /
/// sqrt(x^2 + b)) / 2 error.</summary>
public readonly struct Squareplus(double b) : IScalarMap<Squareplus>
{
    /// <summary>The operator, which is no operator of ONNX's: its attributes and their defaults.</summary>
    public static Operator Operator { get; } = Operator.Elementwise<Squareplus>("Squareplus") with
    {
        Attributes = [OperatorAttribute.Float("b", 4)],
        ElementCost = 5,
    };

    /// <summary>The map of an operator with attributes.</summary>
    public static Squareplus From(OperatorSettings settings) => new(settings.Float("b"));

    /// <inheritdoc/>
    public double Value(double x) => (x + double.Sqrt((x * x) + b)) / 2;

    /// <inheritdoc/>
    public double Slope(double x, double mu) => (1 + (x / double.Sqrt((x * x) + b))) / 2;
}
