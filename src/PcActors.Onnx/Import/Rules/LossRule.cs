using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

/// <summary>SoftmaxCrossEntropyLoss: its second output, log_prob, is LogSoftmax over the classes.</summary>
internal static class LossRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Outputs.Count > 1 && emitter.IsRead(node.Outputs[1]))
            emitter.Define(emitter.Apply("LogSoftmax", [node.Required(0)], Attributes.Of(("axis", 1)), node.Outputs[1]));
        emitter.Import(node);
    }
}
