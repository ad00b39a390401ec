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
        var saturates = node.Take("saturate", 1L) != 0;
        var own = input.Type.IsFloat() ? "float" : input.Type.Name();
        var attributes = type.Narrow() is null
            ? Attributes.Of(("to", type.Name()))
            : Attributes.Of(("to", type.Name()), ("element_type", own), ("saturate", saturates));
        emitter.Define(Keeps(input.Type, type)
            ? emitter.Apply("Identity", [input], Attributes.Empty, node.Outputs[0], type)
            : emitter.Apply("Cast", [input], attributes, node.Outputs[0], type));
    }

    /// <summary>Whether the numbers stay the same: from any type to a float of 16 bits or more, from truth values to
    /// any, from integers to those of as many bits and more.</summary>
    private static bool Keeps(OnnxElementType from, OnnxElementType to)
    {
        if (to.Narrow() is not null) return from == to;
        if (to.IsFloat() || from == OnnxElementType.Bool) return true;
        return !from.IsFloat() && to != OnnxElementType.Bool && to.Bits() >= from.Bits()
            && (to.IsUnsigned() == from.IsUnsigned() || (from.IsUnsigned() && to.Bits() > from.Bits()));
    }
}
