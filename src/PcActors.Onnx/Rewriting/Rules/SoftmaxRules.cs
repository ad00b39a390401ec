using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>A softmax over the last axis of scores that a mask is added to, or a number filled into by a condition, and
/// that may be scaled by a number before: attention's shares.</summary>
internal sealed class MaskedSoftmaxRule() : RewriteRule("masked-softmax",
    "MaskedSoftmax of Mul or Div by a number, Add of what does not learn, Softmax; FilledSoftmax with Where for Add",
    "Softmax")
{
    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        var masked = last.Inputs[0];
        // Of a softmax at the root one says what its logits are.
        if (IsAtRoot(last) || masked.Shape.Rank == 0
            || last.Shape.Axis(checked((int)last.Attributes.Integer("axis", -1))) != last.Shape.Rank - 1) return null;
        foreach (var (scores, mask) in Patterns.Operands(masked, "Add"))
        {
            if (AreScores(scores, last) && !Learns(mask))
                return Of(MaskedSoftmaxOperators.Added, null, masked, scores, [mask]);
        }
        if (masked is not { Operator: "Where", Inputs: [var condition, var first, var second] }) return null;
        foreach (var (scores, fill) in (ReadOnlySpan<(RewritableVertex, RewritableVertex)>)
            [(first, second), (second, first)])
        {
            if (AreScores(scores, last) && fill.Number is not null)
                return Of(MaskedSoftmaxOperators.Filled, scores == first ? true : null, masked, scores,
                    [condition, fill]);
        }
        return null;
    }

    /// <summary>Whether nothing but identities lies between a vertex and the graph's prediction.</summary>
    private static bool IsAtRoot(RewritableVertex vertex)
    {
        while (vertex is { IsRoot: false, Readers: [{ Inputs.Count: 1 } reader] }
            && (reader.Is("Identity") || reader.Is("Dropout"))) vertex = reader;
        return vertex.IsRoot;
    }

    private static bool AreScores(RewritableVertex scores, RewritableVertex softmax) =>
        !scores.IsConstant && scores.Shape.Equals(softmax.Shape);

    private static Replacement Of(string operatorType, bool? keeps, RewritableVertex masked, RewritableVertex scores,
        RewritableVertex[] mask)
    {
        List<RewritableVertex> inner = [masked];
        if (Patterns.Scaled(scores) is not var (x, _) || x.IsConstant || !scores.HasOneReader)
            return Replacement.By(operatorType, Attributes.Of((MaskedSoftmaxOperators.Keeps, keeps)), inner,
                [scores, .. mask]);
        inner.Add(scores);
        bool? divides = scores.Is("Div") ? true : null;
        return Replacement.By(operatorType,
            Attributes.Of((MaskedSoftmaxOperators.Keeps, keeps), (MaskedSoftmaxOperators.Divides, divides)), inner,
            [x, .. mask, scores.Inputs.First(v => v != x)]);
    }

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
