using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Rounding, and casts to other types.</summary>
internal static class RoundingOperators
{
    public static Operator[] All =>
    [
        new("Cast", typeof(Cast<>))
        {
            Inputs = ["input"], Attributes = [Text("to").Required, Text(ElementType.Attribute), Flag("saturate", true)],
            Remark = "the error as it is where the result is of floats",
        },
        Operator.Elementwise<Ceil>("Ceil"),
        Operator.Elementwise<Floor>("Floor"),
        Operator.Elementwise<Round>("Round") with { Attributes = [Flag("straight_through")], Since = 11 },
        Operator.Elementwise<Sign>("Sign") with { Since = 9 },
    ];
}

/// <summary>ONNX Ceil: each element rounded up. The pull-back is 0.</summary>
internal readonly struct Ceil : IScalarMap<Ceil>
{
    public double Value(double x) => double.Ceiling(x);

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Floor: each element rounded down. The pull-back is 0.</summary>
internal readonly struct Floor : IScalarMap<Floor>
{
    public double Value(double x) => double.Floor(x);

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Round: the nearest whole number, of two the even one. The pull-back is 0.</summary>
/// <remarks>Attribute, which ONNX has not: straight_through (0): whether the pull-back is the error, as if nothing were
/// rounded.</remarks>
internal readonly struct Round(bool passes) : IScalarMap<Round>
{
    public static Round From(OperatorSettings settings) => new(settings.Flag("straight_through"));

    public double Value(double x) => double.Round(x, MidpointRounding.ToEven);

    public double Slope(double x, double mu) => passes ? 1 : 0;
}

/// <summary>ONNX Sign: -1, 0 or 1. The pull-back is 0.</summary>
internal readonly struct Sign : IScalarMap<Sign>
{
    public double Value(double x) => x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;

    public double Slope(double x, double mu) => 0;
}

/// <summary>ONNX Cast: the elements as another type.</summary>
/// <remarks>
/// <para>Attributes: to, which must be set; element_type ("float"), the input's; saturate (1), whether what is too
/// large for 8 bits becomes the largest number. Both types are named by text, as "int64" or "bool".</para>
/// <para>T serves for every floating-point type of 16 bits or more, so a cast to one changes nothing; one to fewer
/// bits rounds, and passes the error on as if it did not (straight-through). A cast
/// to whole numbers truncates, and wraps round beyond the type's range, NaN and infinity becoming 0; a cast to bool
/// gives 1 for everything but 0. Between floating-point types the pull-back is the error;
/// elsewhere there is none.</para>
/// </remarks>
internal sealed class Cast<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ElementType _from = ElementType.Of(settings);
    private readonly ElementType _to = ElementType.Of(settings, "to");
    private readonly NarrowFloat? _narrow = NarrowFloat.Of(settings.Text("to"));
    private readonly bool _saturates = settings.Flag("saturate");

    public override bool IsView => IsDifferentiable(0) && _narrow is null;

    public override bool IsDifferentiable(int input) => _from.IsFloat && _to.IsFloat;

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (_narrow is not null)
        {
            for (var i = 0; i < mu.Length; i++)
                mu[i] = Precision.Narrow<T>(_narrow.Round(Precision.Widen(x[i]), _saturates));
        }
        else if (_to.IsFloat) x.CopyTo(mu);
        else if (_to.IsBool)
        {
            for (var i = 0; i < mu.Length; i++) mu[i] = x[i] != T.Zero ? T.One : T.Zero;
        }
        else
        {
            for (var i = 0; i < mu.Length; i++) mu[i] = Precision.Narrow<T>(Whole(Precision.Widen(x[i])));
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (IsDifferentiable(input)) error.Span.CopyTo(result.Writable);
        else result.Writable.Clear();
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => IsView ? 0 : prediction.Length;

    private double Whole(double x)
    {
        if (!double.IsFinite(x)) return 0;
        var whole = double.Truncate(x);
        var range = 2.0 * (1UL << (_to.Bits - 1));
        var low = _to.IsSigned ? -range / 2 : 0;
        return whole - (range * double.Floor((whole - low) / range));
    }
}
