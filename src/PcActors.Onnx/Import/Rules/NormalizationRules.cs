using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

/// <summary>LayerNormalization: scale and bias may have fewer elements than the normalised axes, and
/// are broadcast to them.</summary>
internal static class LayerNormalizationRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        var x = node.Required(0).Shape;
        var axis = node.Attributes.TryGetValue("axis", out var given) && given is long number ? number : -1;
        if (axis < 0) axis += x.Rank;
        // What does not fit is refused by the function.
        if (axis >= 0 && axis < x.Rank)
        {
            var wanted = x.Dimensions[(int)axis..].ToArray();
            for (var i = 1; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is { } parameter && !parameter.Shape.Dimensions.SequenceEqual(wanted))
                    node.Inputs[i] = emitter.Apply("Expand", [parameter], Attributes.Of(("shape", wanted)),
                        emitter.Unique($"{node.Prefix}/{(i == 1 ? "Scale" : "B")}"));
            }
        }
        emitter.Import(node);
    }
}

/// <summary>Softmax and LogSoftmax: up to opset 12 they run over all axes from <c>axis</c> (1) on.</summary>
internal static class SoftmaxRule
{
    private const int AlongOneAxis = 13;

    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Opset >= AlongOneAxis)
        {
            emitter.Import(node);
            return;
        }
        var input = node.Required(0);
        var rank = input.Shape.Rank;
        var axis = node.Take("axis", 1L);
        if (axis < -rank || axis > rank)
            throw node.Error($"its axis is {axis}, and its input has the shape {input.Shape}");
        if (axis < 0) axis += rank;
        if (axis == rank - 1)
        {
            node.Attributes["axis"] = axis;
            emitter.Import(node);
            return;
        }
        var output = node.Outputs[0];
        var matrix = emitter.Apply("Flatten", [input], Attributes.Of(("axis", axis)),
            emitter.Unique($"{output}/matrix"));
        var rows = emitter.Apply(node.OperatorType, [matrix], Attributes.Of(("axis", 1)),
            emitter.Unique($"{output}/rows"));
        emitter.Define(
            emitter.Apply("Reshape", [rows],
                Attributes.Of(("shape", input.Shape.Dimensions.ToArray()), ("allowzero", true)), output));
    }
}

/// <summary>SoftmaxCrossEntropyLoss: its second output, log_prob, is LogSoftmax over the classes.</summary>
internal static class LossRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Outputs.Count > 1 && emitter.IsRead(node.Outputs[1]))
            emitter.Define(
                emitter.Apply("LogSoftmax", [node.Required(0)], Attributes.Of(("axis", 1)), node.Outputs[1]));
        emitter.Import(node);
    }
}
