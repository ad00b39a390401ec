using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>Groups of channels that are normalised as one channel each, by an InstanceNormalization between two
/// Reshapes that scales by 1 and shifts by 0, and are scaled and shifted then, each channel by numbers of its own.
/// </summary>
internal sealed class GroupNormalizationRule() : RewriteRule("group-normalization",
    "GroupNormalization of Reshape, InstanceNormalization, Reshape, Mul, Add", "Add")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        foreach (var (product, bias) in Patterns.Operands(last, "Add"))
        {
            foreach (var (whole, scale) in Patterns.Operands(product, "Mul"))
            {
                if (Find(whole, product, scale, bias) is { } found) return found;
            }
        }
        return null;
    }

    private static Replacement? Find(
        RewritableVertex whole, RewritableVertex product, RewritableVertex scale, RewritableVertex bias)
    {
        if (!Patterns.IsReshape(whole) || whole.Inputs[0] is not { Operator: "InstanceNormalization" } instance
            || !Patterns.IsReshape(instance.Inputs[0]) || !IsAlways(instance.Inputs[1], 1)
            || !IsAlways(instance.Inputs[2], 0)) return null;
        var (x, rows) = (instance.Inputs[0].Inputs[0], instance.Shape);
        if (!x.Shape.Equals(whole.Shape) || x.Shape.Rank < 2 || x.Shape[0] != rows[0] || rows[1] == 0
            || x.Shape[1] % rows[1] != 0) return null;
        List<RewritableVertex> inner = [product, whole, instance, instance.Inputs[0]];
        return ForChannels(scale, x.Shape, "scale", inner) is { } factors
            && ForChannels(bias, x.Shape, "bias", inner) is { } shifts
            ? Replacement.By("GroupNormalization",
                Attributes.Of(("num_groups", (long)rows[1]),
                    ("epsilon", instance.Attributes.Float("epsilon", 1e-5))),
                inner, x, factors, shifts)
            : null;
    }

    private static bool IsAlways(RewritableVertex vertex, double number) =>
        vertex.IsConstant && !vertex.Initial!.Values.Span.ContainsAnyExcept(number);

    /// <summary>One number for each channel as a list: what was given the axes of places, before that.</summary>
    private static RewritableVertex? ForChannels(
        RewritableVertex numbers, Shape x, string name, List<RewritableVertex> inner)
    {
        var axis = numbers.Shape.Rank - (x.Rank - 1);
        if (axis is not (0 or 1) || numbers.Shape[axis] != x[1] || numbers.Shape.Length != x[1]) return null;
        var list = new Shape(x[1]);
        if (numbers.Shape.Equals(list)) return numbers;
        if (Patterns.IsReshape(numbers) && numbers.HasOneReader && numbers.Inputs[0].Shape.Equals(list))
        {
            inner.Add(numbers);
            return numbers.Inputs[0];
        }
        return RewritableVertex.Function(name, list, "Reshape", Attributes.Of(("shape", new[] { x[1] })), [numbers]);
    }
}
