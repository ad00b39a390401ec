using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Comparisons and logic.</summary>
internal static class ConditionOperators
{
    private const string Nothing = "truth values; nothing is pulled back";

    public static Operator[] All =>
    [
        Comparison<Equal>("Equal"),
        Comparison<Greater>("Greater"),
        Comparison<GreaterOrEqual>("GreaterOrEqual") with { Since = 12 },
        Comparison<Less>("Less"),
        Comparison<LessOrEqual>("LessOrEqual") with { Since = 12 },
        Comparison<And>("And") with { Inputs = [Condition("A"), Condition("B")] },
        Operator.Elementwise<Not>("Not") with
        {
            Inputs = [Condition("X")], Output = OutputKind.Condition, Remark = Nothing,
        },
        Comparison<Or>("Or") with { Inputs = [Condition("A"), Condition("B")] },
        Comparison<Xor>("Xor") with { Inputs = [Condition("A"), Condition("B")] },
    ];

    private static Operator Comparison<TPredicate>(string name)
        where TPredicate : struct, IPredicate =>
        new(name, typeof(Condition<,>), typeof(TPredicate))
        {
            Inputs = ["A", "B"],
            Output = OutputKind.Condition,
            Remark = Nothing
        };
}

/// <summary>A condition on two numbers. A new comparison is such a struct.</summary>
internal interface IPredicate
{
    /// <summary>Whether it holds.</summary>
    static abstract bool Holds(double x, double y);
}

/// <summary>A condition on two inputs, element by element, with broadcasting: mu is 1 where it
/// holds and 0 elsewhere.</summary>
/// <remarks>Nothing is pulled back.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TPredicate">The condition.</typeparam>
internal sealed class Condition<T, TPredicate>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPredicate : struct, IPredicate
{
    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++)
            mu[i] = TPredicate.Holds(Precision.Widen(x[i * stepX]), Precision.Widen(y[i * stepY])) ? T.One : T.Zero;
    }

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        result.Clear();
}

/// <summary>ONNX Equal: whether x = y. NaN equals nothing.</summary>
internal readonly struct Equal : IPredicate
{
    public static bool Holds(double x, double y) => x == y;
}

/// <summary>ONNX Greater: whether x &gt; y.</summary>
internal readonly struct Greater : IPredicate
{
    public static bool Holds(double x, double y) => x > y;
}

/// <summary>ONNX GreaterOrEqual: whether x &gt;= y.</summary>
internal readonly struct GreaterOrEqual : IPredicate
{
    public static bool Holds(double x, double y) => x >= y;
}

/// <summary>ONNX Less: whether x &lt; y.</summary>
internal readonly struct Less : IPredicate
{
    public static bool Holds(double x, double y) => x < y;
}

/// <summary>ONNX LessOrEqual: whether x &lt;= y.</summary>
internal readonly struct LessOrEqual : IPredicate
{
    public static bool Holds(double x, double y) => x <= y;
}

/// <summary>ONNX And: whether both are true, that is, not 0.</summary>
internal readonly struct And : IPredicate
{
    public static bool Holds(double x, double y) => x != 0 && y != 0;
}

/// <summary>ONNX Or: whether one is true, or both.</summary>
internal readonly struct Or : IPredicate
{
    public static bool Holds(double x, double y) => x != 0 || y != 0;
}

/// <summary>ONNX Xor: whether exactly one is true.</summary>
internal readonly struct Xor : IPredicate
{
    public static bool Holds(double x, double y) => (x != 0) ^ (y != 0);
}

/// <summary>ONNX Not: 1 where an element is 0, and 0 elsewhere. Nothing is pulled back.</summary>
internal readonly struct Not : IScalarMap<Not>
{
    public double Value(double x) => x == 0 ? 1 : 0;

    public double Slope(double x, double mu) => 0;
}
