using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

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
        if (axis < -rank || axis > rank) throw node.Error($"its axis is {axis}, and its input has the shape {input.Shape}");
        if (axis < 0) axis += rank;
        if (axis == rank - 1)
        {
            node.Attributes["axis"] = axis;
            emitter.Import(node);
            return;
        }
        var output = node.Outputs[0];
        var matrix = emitter.Apply("Flatten", [input], Attributes.Of(("axis", axis)), emitter.Unique($"{output}/matrix"));
        var rows = emitter.Apply(node.OperatorType, [matrix], Attributes.Of(("axis", 1)), emitter.Unique($"{output}/rows"));
        emitter.Define(emitter.Apply("Reshape", [rows], Attributes.Of(("shape", input.Shape.Dimensions.ToArray()), ("allowzero", true)), output));
    }
}
