using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>A softmax over the last axis of scores that a mask is added to, and that may be scaled by a number before:
/// attention's shares.</summary>
internal sealed class MaskedSoftmaxRule() : RewriteRule("masked-softmax",
    "MaskedSoftmax of Mul or Div by a number, Add of what does not learn, Softmax", "Softmax")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        // Of a softmax at the root one says what its logits are.
        if (last.IsRoot || last.Inputs[0] is not { Operator: "Add", Shape.Rank: > 0 } sum
            || last.Shape.Axis(checked((int)last.Attributes.Integer("axis", -1))) != last.Shape.Rank - 1) return null;
        foreach (var (scores, mask) in Patterns.Operands(sum, "Add"))
        {
            if (scores.IsConstant || !scores.Shape.Equals(last.Shape) || Learns(mask)) continue;
            return IsScaled(scores, "Mul") ? Scaled(scores, divides: false)
                : IsScaled(scores, "Div") ? Scaled(scores, divides: true)
                : Replacement.By(MaskedSoftmaxOperators.Name, Attributes.Empty, [sum], scores, mask);

            Replacement Scaled(RewritableVertex scaled, bool divides)
            {
                var x = Patterns.WithNumber(scaled, scaled.Operator!)!.Value.Other;
                var number = scaled.Inputs.First(v => v != x);
                return Replacement.By(MaskedSoftmaxOperators.Name,
                    divides ? Attributes.Of((MaskedSoftmaxOperators.Divides, true)) : Attributes.Empty, [sum, scaled],
                    x, mask, number);
            }
        }
        return null;
    }

    private static bool IsScaled(RewritableVertex scores, string operatorType) =>
        scores.HasOneReader && Patterns.WithNumber(scores, operatorType) is { Other.IsConstant: false };

    /// <summary>Whether a parameter that learns leads to a value: a bias of places does, a mask does not.</summary>
    private static bool Learns(RewritableVertex value)
    {
        var (waiting, seen) = (new Stack<RewritableVertex>([value]), new HashSet<RewritableVertex>());
        while (waiting.TryPop(out var vertex))
        {
            if (vertex.Trainable) return true;
            foreach (var input in vertex.Inputs.Where(seen.Add)) waiting.Push(input);
        }
        return false;
    }
}

/// <summary>The negative log-likelihood of the logarithm of a softmax over the classes.</summary>
internal sealed class SoftmaxCrossEntropyRule() : RewriteRule("softmax-cross-entropy",
    "SoftmaxCrossEntropyLoss of LogSoftmax, NegativeLogLikelihoodLoss", "NegativeLogLikelihoodLoss")
{
    private const int Classes = 1;

    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) =>
        last.Inputs[0] is { Operator: "LogSoftmax", Inputs: [var scores] } logarithm
        && scores.Shape.Axis(checked((int)logarithm.Attributes.Integer("axis", -1))) == Classes
            ? Replacement.By("SoftmaxCrossEntropyLoss", last.Attributes, [logarithm],
                [scores, .. last.Inputs.Skip(1)])
            : null;
}

/// <summary>The logarithm of a softmax.</summary>
internal sealed class LogSoftmaxRule() : RewriteRule("log-softmax", "LogSoftmax of Softmax, Log", "Log")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last) => last.Inputs[0] is { Operator: "Softmax" } softmax
        ? Replacement.By("LogSoftmax", softmax.Attributes, [softmax], softmax.Inputs[0])
        : null;
}
