namespace PcActors.Functions;

/// <summary>ONNX And: whether both are true, that is, not 0.</summary>
internal readonly struct And : IPredicate
{
    public static string OperatorType => "And";

    public static bool Holds(double x, double y) => x != 0 && y != 0;
}

/// <summary>ONNX Or: whether one is true, or both.</summary>
internal readonly struct Or : IPredicate
{
    public static string OperatorType => "Or";

    public static bool Holds(double x, double y) => x != 0 || y != 0;
}

/// <summary>ONNX Xor: whether exactly one is true.</summary>
internal readonly struct Xor : IPredicate
{
    public static string OperatorType => "Xor";

    public static bool Holds(double x, double y) => (x != 0) ^ (y != 0);
}

/// <summary>ONNX Not: 1 where an element is 0, and 0 elsewhere. Nothing is pulled back.</summary>
internal readonly struct Not : IScalarMap<Not>
{
    public static string OperatorType => "Not";

    public static bool IsDifferentiable => false;

    public double Value(double x) => x == 0 ? 1 : 0;

    public double Slope(double x, double mu) => 0;
}
