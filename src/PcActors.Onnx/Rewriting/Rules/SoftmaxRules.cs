namespace PcActors.Onnx.Rewriting.Rules;

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
