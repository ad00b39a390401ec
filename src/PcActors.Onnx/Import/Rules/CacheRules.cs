using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators of models that go on from where they were, and a gate of their layers.</summary>
internal static class CacheRules
{
    /// <summary>Swish of the first input times the second.</summary>
    public static void SwiGlu(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var alpha = node.Take("alpha", 1.0);
        make.RequireNoOthers();
        var gate = make.Apply("Swish", "gate", Attributes.Of(("alpha", alpha)), node.Required(0));
        make.Give(0, "Mul", Attributes.Empty, gate, node.Required(1));
    }

    /// <summary>A convolution of each channel with what came before it, or zeros.</summary>
    public static void CausalConv(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var (x, w) = (node.Required(0), node.Required(1));
        var activation = node.Take("activation", "none");
        make.RequireNoOthers();
        if (activation is not ("none" or "silu" or "swish"))
            throw node.Error($"its activation is '{activation}'", "it can be silu, swish or none");
        if (x.Shape.Rank != 3 || w.Shape.Rank != 3 || w.Shape[0] != x.Shape[1] || w.Shape[2] == 0)
            throw node.Error($"its input has the shape {x.Shape}, and its weight {w.Shape}",
                "[batch, channels, length] and [channels, 1, taps] are needed");
        var before = w.Shape[2] - 1;
        var past = node.Input(3)
            ?? make.Constant("past", x.Type, new Shape(x.Shape[0], x.Shape[1], before), _ => 0);
        var whole = before == 0 ? x : make.Apply("Concat", "whole", Attributes.Of(("axis", 2)), past, x);
        var group = Attributes.Of(("group", x.Shape[1]));
        Value[] inputs = node.Input(2) is { } bias ? [whole, w, bias] : [whole, w];
        if (make.IsRead(0))
        {
            if (activation == "none") make.Give(0, "Conv", group, inputs);
            else make.Give(0, "Swish", Attributes.Empty, make.Apply("Conv", "sums", group, inputs));
        }
        if (make.IsRead(1)) make.Pass(1, make.Slice(whole, "present", 2, x.Shape[2], x.Shape[2] + before));
    }

    /// <summary>An update written into a cache from known places on.</summary>
    public static void TensorScatter(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var (cache, update) = (node.Required(0), node.Required(1));
        var axis = cache.Shape.Axis((int)node.Take("axis", -2L));
        var isCircular = node.Take("mode", "linear") == "circular";
        make.RequireNoOthers();
        var (length, extent) = (update.Shape[axis], cache.Shape[axis]);
        if (axis == 0 || !update.Shape.With(axis, extent).Equals(cache.Shape) || length > extent)
            throw node.Error($"its cache has the shape {cache.Shape}, and its update {update.Shape}",
                $"they may differ along axis {axis} alone, which is not the first");
        var starts = node.Constant(2, "write_indices")?.ToIntegers() ?? new long[cache.Shape[0]];
        if (starts.Length != cache.Shape[0] || starts.Any(s => s < 0 || (!isCircular && s + length > extent)))
            throw node.Error($"its write_indices are [{string.Join(", ", starts)}]",
                "there must be one for each sample, and the update must fit behind each");
        var (sample, inner) = (update.Shape.LengthOf(1, update.Shape.Rank),
            update.Shape.LengthOf(axis + 1, update.Shape.Rank));
        var places = make.Constant("places", OnnxElementType.Int64, update.Shape,
            i => (starts[i / sample] + (i / inner % length)) % extent);
        make.Give(0, "ScatterElements", Attributes.Of(("axis", axis)), cache, places, update);
    }
}
