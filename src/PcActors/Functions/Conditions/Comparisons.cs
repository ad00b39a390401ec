namespace PcActors.Functions;

/// <summary>ONNX Equal: whether x = y. NaN equals nothing.</summary>
internal readonly struct Equal : IPredicate
{
    public static string OperatorType => "Equal";

    public static bool Holds(double x, double y) => x == y;
}

/// <summary>ONNX Greater: whether x &gt; y.</summary>
internal readonly struct Greater : IPredicate
{
    public static string OperatorType => "Greater";

    public static bool Holds(double x, double y) => x > y;
}

/// <summary>ONNX GreaterOrEqual: whether x &gt;= y.</summary>
internal readonly struct GreaterOrEqual : IPredicate
{
    public static string OperatorType => "GreaterOrEqual";

    public static bool Holds(double x, double y) => x >= y;
}

/// <summary>ONNX Less: whether x &lt; y.</summary>
internal readonly struct Less : IPredicate
{
    public static string OperatorType => "Less";

    public static bool Holds(double x, double y) => x < y;
}

/// <summary>ONNX LessOrEqual: whether x &lt;= y.</summary>
internal readonly struct LessOrEqual : IPredicate
{
    public static string OperatorType => "LessOrEqual";

    public static bool Holds(double x, double y) => x <= y;
}
