using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Random numbers: drawn by a vertex, whatever its input is.</summary>
internal static class RandomRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.OperatorType == "Multinomial" && !node.Attributes.ContainsKey("dtype"))
            node.Attributes["dtype"] = (long)OnnxElementType.Int32;
        CastRules.EyeLike(node, emitter);
    }

    /// <summary>RandomNormal and RandomUniform: as many as an array has elements that is there for that only.</summary>
    public static void OfShape(ImportNode node, IEmitter emitter)
    {
        var extents = node.Take<long[]?>("shape", null) ?? throw node.Error("its attribute 'shape' is missing");
        if (extents.Any(e => e is < 0 or > int.MaxValue))
            throw node.Error($"its shape is [{string.Join(", ", extents)}]");
        var like = new Composition(node, emitter).Constant("shape", OnnxElementType.Float,
            new Shape([.. extents.Select(e => (int)e)]), _ => 0);
        node.OperatorType += "Like";
        node.Inputs.Clear();
        node.Inputs.Add(like);
        CastRules.EyeLike(node, emitter);
    }
}
