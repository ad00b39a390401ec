using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting;

/// <summary>What rules ask about vertices.</summary>
internal static class Patterns
{
    // Half a unit in the last place of a number in single precision, and the rounding of one or two operations with it.
    private const double Rounding = 1.0 / (1 << 22);

    /// <summary>Whether a number is another but for having been rounded to single precision.</summary>
    public static bool IsNear(double number, double wanted) =>
        Math.Abs(number - wanted) <= Rounding * Math.Abs(wanted);

    /// <summary>Whether all have a shape: nothing is broadcast.</summary>
    public static bool IsOfShape(IEnumerable<RewritableVertex> vertices, Shape shape) =>
        vertices.All(v => v.Shape.Equals(shape));

    /// <summary>What an operator is applied to beside a number, and the number: the second input, of Add and Mul either
    /// one. Null where there is none, or the number gives the value another shape.</summary>
    public static (RewritableVertex Other, double Number)? WithNumber(RewritableVertex vertex, string operatorType)
    {
        if (!vertex.Is(operatorType) || vertex.Inputs.Count != 2) return null;
        var (first, second) = (vertex.Inputs[0], vertex.Inputs[1]);
        if (second.Number is { } number) return first.Shape.Equals(vertex.Shape) ? (first, number) : null;
        return operatorType is "Add" or "Mul" && first.Number is { } other && second.Shape.Equals(vertex.Shape)
            ? (second, other)
            : null;
    }

    /// <summary>What is multiplied by a number, and the number; of a division the number's reciprocal. Whole numbers,
    /// whose quotients are cut off, are none of it.</summary>
    public static (RewritableVertex Other, double Number)? Scaled(RewritableVertex vertex) =>
        vertex.Attributes.Has("element_type") ? null
            : WithNumber(vertex, "Mul") is { } product ? product
            : WithNumber(vertex, "Div") is { } quotient ? (quotient.Other, 1 / quotient.Number)
            : null;

    /// <summary>What a number near this one is added to; null where it is no such sum.</summary>
    public static RewritableVertex? Plus(RewritableVertex vertex, double number) =>
        WithNumber(vertex, "Add") is { } sum && IsNear(sum.Number, number) ? sum.Other : null;

    /// <summary>The other operand of a sum or product of two values of one shape.</summary>
    public static RewritableVertex? Beside(RewritableVertex vertex, RewritableVertex one) =>
        vertex.Inputs.Count != 2 || !IsOfShape(vertex.Inputs, vertex.Shape) ? null
            : vertex.Inputs[0] == one ? vertex.Inputs[1]
            : vertex.Inputs[1] == one ? vertex.Inputs[0]
            : null;

    /// <summary>Both orders of the operands of a commutative operator.</summary>
    public static IEnumerable<(RewritableVertex First, RewritableVertex Second)> Operands(
        RewritableVertex vertex, string operatorType)
    {
        if (!vertex.Is(operatorType) || vertex.Inputs.Count != 2) yield break;
        yield return (vertex.Inputs[0], vertex.Inputs[1]);
        yield return (vertex.Inputs[1], vertex.Inputs[0]);
    }

    /// <summary>Whether a function changes nothing but the shape under which elements in order are shown.</summary>
    public static bool IsReshape(RewritableVertex vertex) =>
        vertex.Operator is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" && vertex.Inputs.Count == 1;

    /// <summary>The order of the axes of a transposition.</summary>
    public static int[] OrderOf(RewritableVertex transpose) => transpose.Attributes.Integers("perm") is { } order
        ? Array.ConvertAll(order, axis => transpose.Inputs[0].Shape.Axis(checked((int)axis)))
        : [.. Enumerable.Range(0, transpose.Shape.Rank).Reverse()];
}
