using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>What is added to the scores of an Attention: its mask, minus infinity where a key comes after the query
/// (is_causal), and where a key is padding (nonpad_kv_seqlen).</summary>
/// <param name="make">Makes the vertices.</param>
/// <param name="type">The type of the scores.</param>
/// <param name="queries">How many queries a head has.</param>
/// <param name="keys">How many keys, those that came before among them.</param>
internal sealed class AttentionBias(Composition make, OnnxElementType type, int queries, int keys)
{
    private const int Mask = 3;
    private const int PastKey = 4;
    private const int Lengths = 6;

    private readonly ConstantValue _zero = make.Number("bias/zero", type, 0);
    private readonly ConstantValue _never = make.Number("bias/never", type, double.NegativeInfinity);

    /// <summary>The bias, which broadcasts to [batch, heads, queries, keys]; null when there is none.</summary>
    public Value? Of()
    {
        var lengths = make.Node.Input(Lengths) is { } given
            ? make.View(given, "lengths", given.Shape.Length, 1, 1, 1)
            : null;
        var bias = make.Node.Input(Mask) is { } mask ? OfMask(mask) : null;
        if (make.Node.Take("is_causal", 0L) != 0) bias = Sum(bias, Causal(lengths), "causal");
        if (lengths is null) return bias;
        var isThere = make.Apply("Less", "bias/there", Numbers("bias/keys", keys, along: 3), lengths);
        return Sum(bias, Where(isThere, "padding"), "padded");
    }

    private Value OfMask(Value mask)
    {
        if (mask.Shape.Rank is 0 or > 4)
            throw make.Node.Error($"its attn_mask has the shape {mask.Shape}", "from 1 to 4 axes are needed");
        var (isBool, missing) = (mask.Type == OnnxElementType.Bool, keys - mask.Shape[^1]);
        if (missing > 0)
        {
            int[] pads = [.. Enumerable.Repeat(0, (2 * mask.Shape.Rank) - 1), missing];
            var beyond = isBool ? make.Number("mask/beyond", OnnxElementType.Bool, 0) : _never;
            mask = make.Apply("Pad", "mask/padded", Attributes.Of(("pads", pads)), mask, beyond);
        }
        return isBool ? Where(mask, "mask") : mask;
    }

    /// <summary>Minus infinity where a key comes after the query, which stands behind those keys that came
    /// before.</summary>
    private Value Causal(Value? lengths)
    {
        var offset = make.Node.Input(PastKey)?.Shape[2] ?? 0;
        var places = Numbers("bias/queries", queries, along: 2, offset);
        var keyPlaces = Numbers("bias/places", keys, along: 3);
        if (lengths is null || offset > 0)
            return Where(make.Apply("LessOrEqual", "bias/before", keyPlaces, places), "after");
        var before = make.Apply("Sub", "bias/offset", lengths, make.Number("bias/count", lengths.Type, queries));
        var last = make.Apply("Add", "bias/last", places, before);
        return Where(make.Apply("LessOrEqual", "bias/before", keyPlaces, last), "after");
    }

    private Value Where(Value condition, string name) => make.Apply("Where", $"bias/{name}", condition, _zero, _never);

    private Value Sum(Value? bias, Value other, string name) =>
        bias is null ? other : make.Apply("Add", $"bias/{name}/sum", bias, other);

    /// <summary>offset, offset + 1, ... along one of four axes.</summary>
    private ConstantValue Numbers(string name, int count, int along, int offset = 0) => make.Constant(
        name, OnnxElementType.Int64, new Shape(1, 1, 1, 1).With(along, count), i => i + offset);
}
