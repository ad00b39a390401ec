using System.Numerics;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Running sums and products.</summary>
internal static class RunningOperators
{
    public static Operator[] All => [Of("CumProd", typeof(CumProd<>), 26), Of("CumSum", typeof(CumSum<>), 11)];

    private static Operator Of(string name, Type function, int since) => new(name, function)
    {
        Inputs = ["x", OperatorInput.Of(Axis("axis").Required)],
        Attributes = [Flag("exclusive"), Flag("reverse")],
        Since = since,
    };
}

/// <summary>What runs along an axis of one tensor, and gives one of the same shape.</summary>
/// <remarks>Attributes: axis, which must be set; exclusive (0): whether an element's own value is left out; reverse
/// (0): whether it runs from the last element to the first.</remarks>
internal abstract class RunningFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected int Along { get; } = settings.Axis("axis");

    protected bool Exclusive { get; } = settings.Flag("exclusive");

    protected bool Reverse { get; } = settings.Flag("reverse");

    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        AxisOf(inputs[0], Along);
        return inputs[0];
    }
}
