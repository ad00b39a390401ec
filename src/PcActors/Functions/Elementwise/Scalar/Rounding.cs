namespace PcActors.Functions;

/// <summary>ONNX Ceil: each element rounded up. The pull-back is 0.</summary>
internal readonly struct Ceil : IScalarMap<Ceil>
{
    public static string OperatorType => "Ceil";

    public double Value(double x) => double.Ceiling(x);

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Floor: each element rounded down. The pull-back is 0.</summary>
internal readonly struct Floor : IScalarMap<Floor>
{
    public static string OperatorType => "Floor";

    public double Value(double x) => double.Floor(x);

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Round: the nearest whole number, of two the even one. The pull-back is 0.</summary>
internal readonly struct Round : IScalarMap<Round>
{
    public static string OperatorType => "Round";

    public double Value(double x) => double.Round(x, MidpointRounding.ToEven);

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Sign: -1, 0 or 1. The pull-back is 0.</summary>
internal readonly struct Sign : IScalarMap<Sign>
{
    public static string OperatorType => "Sign";

    public double Value(double x) => x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;

    public double Slope(double x, double mu) => 0;
}
