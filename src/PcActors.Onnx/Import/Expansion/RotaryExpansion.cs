using PcActors.Functions;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>RotaryEmbedding: pairs of elements of each head, turned by angles of known cosines and sines.</summary>
/// <remarks>Inputs: X [batch, heads, length, size] or [batch, length, heads size]; cos_cache and sin_cache, of [batch,
/// length, pairs], or of [positions, pairs] with position_ids [batch, length].</remarks>
internal static class RotaryExpansion
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var interleaved = node.Take("interleaved", 0L) != 0;
        var heads = node.Take("num_heads", 0L);
        var turned = (int)node.Take("rotary_embedding_dim", 0L);
        make.RequireNoOthers();
        var isFlat = x.Shape.Rank == 3;
        if (!isFlat && x.Shape.Rank != 4)
            throw node.Error($"its input X has the shape {x.Shape}", "3 or 4 axes are needed");
        if (isFlat && (heads <= 0 || x.Shape[2] % heads != 0))
            throw node.Error($"its input X has the shape {x.Shape}, and num_heads is {heads}",
                "num_heads must divide the last axis");
        var split = isFlat
            ? make.View(x, "heads", x.Shape[0], x.Shape[1], (int)heads, x.Shape[2] / (int)heads)
            : x;
        var size = split.Shape[3];
        if (turned == 0) turned = size;
        if (turned % 2 != 0 || turned > size || turned < 0)
            throw node.Error($"it turns {turned} of a head's {size} elements", "an even number of them is needed");
        var (cos, sin) = (Angles(1, "cos"), Angles(2, "sin"));
        var part = turned == size ? split : make.Slice(split, "turned", 3, 0, turned);
        var (first, second) = interleaved
            ? (make.Slice(part, "even", 3, 0, turned, 2), make.Slice(part, "odd", 3, 1, turned, 2))
            : (make.Slice(part, "first", 3, 0, turned / 2), make.Slice(part, "second", 3, turned / 2, turned));
        var real = make.Apply("Sub", "real", make.Apply("Mul", "real/cos", cos, first),
            make.Apply("Mul", "real/sin", sin, second));
        var imaginary = make.Apply("Add", "imaginary", make.Apply("Mul", "imaginary/sin", sin, first),
            make.Apply("Mul", "imaginary/cos", cos, second));
        var last = Attributes.Of(("axis", -1));
        var pairs = interleaved
            ? make.View(
                make.Apply("Concat", "pairs", last, Column(real, "real"), Column(imaginary, "imaginary")),
                "interleaved", part.Shape.Dimensions)
            : make.Apply("Concat", "pairs", last, real, imaginary);
        var whole = turned == size
            ? pairs
            : make.Apply("Concat", "whole", last, pairs, make.Slice(split, "kept", 3, turned, size));
        make.Give(0, "Reshape", Composition.ShapeOf(x.Shape.Dimensions), whole);

        // [batch, length, pairs], with an axis of 1 where the heads are.
        Value Angles(int input, string name)
        {
            var cache = node.Required(input);
            if (node.Input(3) is { } positions)
                cache = make.Apply("Gather", $"{name}/gathered", Attributes.Of(("axis", 0)), cache, positions);
            if (cache.Shape.Rank != 3 || cache.Shape[2] != turned / 2)
                throw node.Error($"its {name}_cache gives the shape {cache.Shape}",
                    $"[batch, length, {turned / 2}] is needed, {turned / 2} being half of what turns");
            var (batch, length) = (cache.Shape[0], cache.Shape[1]);
            return isFlat
                ? make.View(cache, name, batch, length, 1, turned / 2)
                : make.View(cache, name, batch, 1, length, turned / 2);
        }

        Value Column(Value value, string name) =>
            make.View(value, $"{name}/column", [.. value.Shape.Dimensions, 1]);
    }
}
