using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>LinearAttention: a state of products of keys and values for each head, which decays and is written step by
/// step; queries read it. Unrolled.</summary>
/// <remarks>Inputs: query, key, value [batch, steps, heads size]; past_state [batch, heads, size, size of a value];
/// decay [batch, steps, heads] or [..., heads size], in logarithms; beta [batch, steps, heads] or [..., 1].</remarks>
internal sealed class LinearAttentionExpansion
{
    private readonly Composition _make;
    private readonly ImportNode _node;
    private readonly int _queryHeads;
    private readonly int _heads;
    private readonly string _rule;
    private readonly double _scale;

    private LinearAttentionExpansion(ImportNode node, IEmitter emitter)
    {
        (_node, _make) = (node, new Composition(node, emitter));
        _queryHeads = (int)node.Take("q_num_heads", 0L);
        _heads = (int)node.Take("kv_num_heads", 0L);
        _rule = node.Take("update_rule", "gated_delta");
        _scale = node.Take("scale", 0.0);
        node.Take("chunk_size", 0L);
        _make.RequireNoOthers();
        var (q, k, v) = (node.Required(0).Shape, node.Required(1).Shape, node.Required(2).Shape);
        var fits = _heads > 0 && _queryHeads > 0 && _queryHeads % _heads == 0 && q.Rank == 3 && k.Rank == 3
            && v.Rank == 3 && q[2] % _queryHeads == 0 && k[2] % _heads == 0 && v[2] % _heads == 0
            && q[2] / _queryHeads == k[2] / _heads && q[1] == k[1] && k[1] == v[1] && q[1] > 0;
        if (!fits)
            throw node.Error($"query, key and value are {q}, {k} and {v}, by {_queryHeads} and {_heads} heads",
                "[batch, steps, heads times size] is needed, and key's heads must divide query's");
        if (_rule is not ("linear" or "gated" or "delta" or "gated_delta"))
            throw node.Error($"its update_rule is '{_rule}'", "it can be linear, gated, delta, gated_delta");
    }

    private int Batch => _node.Required(0).Shape[0];

    private int Steps => _node.Required(0).Shape[1];

    private int Size => _node.Required(1).Shape[2] / _heads;

    private int ValueSize => _node.Required(2).Shape[2] / _heads;

    public static void Import(ImportNode node, IEmitter emitter) =>
        new LinearAttentionExpansion(node, emitter).Expand();

    private void Expand()
    {
        var type = _node.Required(0).Type;
        var state = _node.Input(3) ?? _make.Constant("state", type, new Shape(Batch, _heads, Size, ValueSize), _ => 0);
        var scale = _make.Number("scale", type, _scale == 0 ? 1 / Math.Sqrt(Size) : _scale);
        var (isGated, isDelta) = (_rule.StartsWith("gated", StringComparison.Ordinal),
            _rule.EndsWith("delta", StringComparison.Ordinal));
        var outputs = new Value[Steps];
        for (var t = 0; t < Steps; t++)
        {
            var key = Step(1, t, "k", _heads, Size, 1);
            var value = Step(2, t, "v", _heads, 1, ValueSize);
            if (isGated)
            {
                var isOne = _node.Required(4).Shape[2] == _heads;
                var decay = _make.Apply("Exp", $"{t}/kept", Step(4, t, "g", _heads, isOne ? 1 : Size, 1));
                state = _make.Apply("Mul", $"{t}/state/kept", state, decay);
            }
            if (isDelta)
            {
                var known = _make.Apply("MatMul", $"{t}/known", Step(1, t, "k/row", _heads, 1, Size), state);
                var heads = _node.Required(5).Shape[2] == _heads ? _heads : 1;
                value = _make.Apply("Mul", $"{t}/written", Step(5, t, "beta", heads, 1, 1),
                    _make.Apply("Sub", $"{t}/news", value, known));
            }
            state = _make.Apply("Add", $"{t}/state", state, _make.Apply("MatMul", $"{t}/product", key, value));
            var query = Step(0, t, "q", _heads, _queryHeads / _heads, Size);
            var read = _make.Apply("MatMul", $"{t}/read", _make.Apply("Mul", $"{t}/q/scaled", query, scale), state);
            outputs[t] = _make.View(read, $"{t}/output", Batch, 1, _queryHeads * ValueSize);
        }
        _make.Pass(1, state);
        if (_make.IsRead(0)) _make.Give(0, "Concat", Attributes.Of(("axis", 1)), outputs);
    }

    /// <summary>A step of an input, by heads.</summary>
    private Value Step(int input, int t, string name, int heads, int rows, int columns)
    {
        var slice = _make.Slice(_node.Required(input), $"{t}/{name}/slice", 1, t, t + 1);
        return _make.View(slice, $"{t}/{name}", Batch, heads, rows, columns);
    }
}
