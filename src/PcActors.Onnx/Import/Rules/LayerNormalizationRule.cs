using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

/// <summary>LayerNormalization: scale and bias may have fewer elements than the normalised axes, and are broadcast to them.</summary>
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
                    node.Inputs[i] = emitter.Apply("Expand", [parameter], Attributes.Of(("shape", wanted)), emitter.Unique($"{node.Prefix}/{(i == 1 ? "Scale" : "B")}"));
            }
        }
        emitter.Import(node);
    }
}
