using PcActors.Functions;
using PcActors.Onnx.Files;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Casts. Elements are floating-point numbers here, whatever their type in the model, so that
/// most change nothing.</summary>
internal static class CastRules
{
    public static void Cast(ImportNode node, IEmitter emitter) => To(node, emitter, TypeOf(node, node.Take("to", 0L)));

    public static void CastLike(ImportNode node, IEmitter emitter) => To(node, emitter, node.Required(1).Type);

    /// <summary>The elements have the type that the node names, whatever the input's is.</summary>
    public static void EyeLike(ImportNode node, IEmitter emitter)
    {
        if (node.Attributes.ContainsKey("dtype"))
        {
            node.Type = TypeOf(node, node.Take("dtype", 0L));
            node.Attributes["dtype"] = node.Type.Value.Name();
        }
        emitter.Import(node);
    }

    private static OnnxElementType TypeOf(ImportNode node, long number)
    {
        var found = (int)Math.Clamp(number, 0, int.MaxValue);
        return ElementTypes.TryParse(found, out var type)
            ? type
            : throw node.Error($"it gives {ElementTypes.NameOfUnread(found)}", $"{ElementTypes.Read} are read");
    }

    private static void To(ImportNode node, IEmitter emitter, OnnxElementType type)
    {
        var input = node.Required(0);
        emitter.Define(Keeps(input.Type, type)
            ? emitter.Apply("Identity", [input], Attributes.Empty, node.Outputs[0], type)
            : emitter.Apply("Cast", [input], Attributes.Of(("to", type.Name())), node.Outputs[0], type));
    }

    /// <summary>Whether the numbers stay the same: from any type to a float, from truth values to
    /// any, between integers.</summary>
    private static bool Keeps(OnnxElementType from, OnnxElementType to) =>
        to.IsFloat() || from == OnnxElementType.Bool
            || (!from.IsFloat() && to != OnnxElementType.Bool && to.Size() >= from.Size());
}
