using PcActors.Functions;

namespace PcActors.Onnx;

/// <summary>Casts. Elements are floating-point numbers here, whatever their type in the model, so that most change nothing.</summary>
internal static class CastRules
{
    public static void Cast(ImportNode node, IEmitter emitter)
    {
        var number = node.Take("to", 0L);
        if (!ElementTypes.TryParse(number is > 0 and <= int.MaxValue ? (int)number : 0, out var type))
            throw node.Error($"it casts to {ElementTypes.NameOfUnread((int)Math.Clamp(number, 0, int.MaxValue))}", $"{ElementTypes.Read} are read");
        To(node, emitter, type);
    }

    public static void CastLike(ImportNode node, IEmitter emitter) => To(node, emitter, node.Required(1).Type);

    private static void To(ImportNode node, IEmitter emitter, OnnxElementType type)
    {
        var input = node.Required(0);
        emitter.Define(Keeps(input.Type, type)
            ? emitter.Apply("Identity", [input], Attributes.Empty, node.Outputs[0], type)
            : emitter.Apply("Cast", [input], Attributes.Of(("to", type.Name())), node.Outputs[0], type));
    }

    /// <summary>Whether the numbers stay the same: from any type to a float, from truth values to any, between integers.</summary>
    private static bool Keeps(OnnxElementType from, OnnxElementType to) =>
        to.IsFloat() || from == OnnxElementType.Bool || (!from.IsFloat() && to != OnnxElementType.Bool && to.Size() >= from.Size());
}
