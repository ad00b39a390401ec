using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>What gives its input as it is: Identity, a Dropout that drops nothing, a Transpose that leaves all axes
/// where they are, a Reshape or Expand to the shape that is there.</summary>
internal sealed class IdentityRule() : RewriteRule("identity", "nothing in place of what changes nothing", "Identity",
    "Dropout", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (!last.Inputs[0].Shape.Equals(last.Shape)) return null;
        var isIdentity = last.Operator switch
        {
            "Dropout" => !last.Attributes.Flag("training_mode", false) || last.Attributes.Float("ratio", 0.5) == 0,
            "Transpose" => Patterns.OrderOf(last).SequenceEqual(Enumerable.Range(0, last.Shape.Rank)),
            _ => true,
        };
        return isIdentity ? Replacement.Nothing(last.Inputs[0]) : null;
    }
}

/// <summary>Two transpositions, one after the other.</summary>
internal sealed class TransposeRule()
    : RewriteRule("transpose", "one Transpose, or none, of two", "Transpose")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        if (last.Inputs[0] is not { Operator: "Transpose" } first) return null;
        var inner = Patterns.OrderOf(first);
        var order = Array.ConvertAll(Patterns.OrderOf(last), axis => inner[axis]);
        if (order.SequenceEqual(Enumerable.Range(0, order.Length))) return Replacement.Nothing(first.Inputs[0]);
        return Replacement.By("Transpose", Attributes.Of(("perm", order)), [first], first.Inputs[0]);
    }
}

/// <summary>Two changes of shape, one after the other.</summary>
internal sealed class ReshapeRule() : RewriteRule("reshape",
    "one Reshape, or none, of two Reshape, Flatten, Squeeze or Unsqueeze", "Reshape", "Flatten", "Squeeze", "Unsqueeze")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        var first = last.Inputs[0];
        if (!Patterns.IsReshape(first)) return null;
        if (first.Inputs[0].Shape.Equals(last.Shape)) return Replacement.Nothing(first.Inputs[0]);
        return Replacement.By("Reshape", ShapeOf(first.Inputs[0].Shape, last.Shape), [first], first.Inputs[0]);
    }

    /// <summary>The first axis, where samples are, goes by what comes in as far as it can: so the graph can be
    /// exported for any number of them.</summary>
    private static Attributes ShapeOf(Shape from, Shape to)
    {
        var shape = to.Dimensions.ToArray();
        if (shape.Length == 0 || shape.Contains(0)) return Attributes.Of(("shape", shape), ("allowzero", true));
        shape[0] = from.Rank > 0 && from[0] == to[0] ? 0 : -1;
        return Attributes.Of(("shape", shape));
    }
}
