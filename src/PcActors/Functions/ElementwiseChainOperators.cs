using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Functions of each element that follow one another, as one function.</summary>
internal static class ElementwiseChainOperators
{
    /// <summary>The operator.</summary>
    public const string Name = "ElementwiseChain";

    /// <summary>The attribute that says which functions.</summary>
    public const string Functions = "functions";

    public static Operator[] All =>
    [
        new(Name, typeof(ElementwiseChain<>))
        {
            Inputs = ["X", "constants..."], Attributes = [Text(Functions).Required],
        },
    ];

    /// <summary>Whether an operator maps each element of one input, and an error is pulled back through it.</summary>
    public static bool IsUnary(string name) =>
        OperatorCatalogue.Find(name) is { Function.BaseType: { IsGenericType: true } parent } known
        && parent.GetGenericTypeDefinition() == typeof(UnaryFunction<>) && (known.WithoutPullBack & 1) == 0;

    /// <summary>Whether it costs little to carry a step out again: none that calls a function of one number for each
    /// element, which takes as long as dozens of others.</summary>
    /// <param name="step">The step.</param>
    /// <param name="number">Its constant, if that is one number.</param>
    public static bool IsCheap(ChainStep step, double? number) => step.Operator == "Pow"
        ? number is -1 or -0.5 or 0.5 or 1 or 2
        : OperatorCatalogue.Find(step.Operator) is { } known
            && (known.Function != typeof(ScalarFunction<,>) || known.ElementCost < Flops.Transcendental);

    /// <summary>Whether a step is a function of two inputs of which one may be a constant. A power of a constant is
    /// none: its bits go by how many elements there are.</summary>
    public static bool IsBinary(ChainStep step) => step.Operator switch
    {
        "Add" or "Sub" or "Mul" or "Div" => true,
        "Pow" or "PRelu" => step.Operands == "xc",
        _ => false,
    };
}
