using PcActors.Functions;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>Attention: softmax(scale Q K^T + bias) V for each head.</summary>
/// <remarks>Inputs: Q, K, V of [batch, heads, length, size], or of [batch, length, heads size]; attn_mask, past_key,
/// past_value, nonpad_kv_seqlen. A head of K and V serves several of Q where there are fewer: those heads' queries are
/// then rows of one matrix, so that nothing is repeated. Scores are computed in the type of the graph, whatever
/// softmax_precision says.</remarks>
internal sealed class AttentionExpansion
{
    private const int PastKey = 4;
    private const int PastValue = 5;

    private readonly Composition _make;
    private readonly ImportNode _node;
    private readonly bool _isFlat;
    private readonly double _softcap;
    private readonly long _mode;
    private readonly Value _query;
    private readonly Value _key;
    private readonly Value _value;

    private AttentionExpansion(ImportNode node, IEmitter emitter)
    {
        (_node, _make) = (node, new Composition(node, emitter));
        _isFlat = node.Required(0).Shape.Rank == 3;
        var (queries, keys) = (node.Take<long?>("q_num_heads", null), node.Take<long?>("kv_num_heads", null));
        _query = Heads(0, "Q", queries);
        _key = Joined(PastKey, Heads(1, "K", keys), "K");
        _value = Joined(PastValue, Heads(2, "V", keys), "V");
        _softcap = node.Take("softcap", 0.0);
        _mode = node.Take("qk_matmul_output_mode", 0L);
        node.Take("softmax_precision", 0L);
        RequireFit();
    }

    private int Batch => _query.Shape[0];

    private int QueryHeads => _query.Shape[1];

    private int Queries => _query.Shape[2];

    private int KeyHeads => _key.Shape[1];

    private int Keys => _key.Shape[2];

    private OnnxElementType Type => _query.Type;

    public static void Import(ImportNode node, IEmitter emitter) => new AttentionExpansion(node, emitter).Expand();

    private void Expand()
    {
        var scale = _node.Take("scale", 1 / Math.Sqrt(_query.Shape[3]));
        var bias = new AttentionBias(_make, Type, Queries, Keys).Of();
        _make.RequireNoOthers();
        _make.Pass(1, _key);
        _make.Pass(2, _value);
        var scaled = _make.Apply("Mul", "Q/scaled", _query, _make.Number("scale", Type, scale));
        var transposed = _make.Transpose(_key, "K/transposed", 0, 1, 3, 2);
        var scores = Ungrouped(_make.Apply("MatMul", "scores", Grouped(scaled, "Q"), transposed), "scores");
        if (_mode == 0) _make.Pass(3, scores);
        if (_softcap > 0) scores = Capped(scores);
        if (_mode == 1) _make.Pass(3, scores);
        if (bias is not null) scores = _make.Apply("Add", "scores/biased", scores, bias);
        if (_mode == 2) _make.Pass(3, scores);
        var shares = bias is null ? Softmax(scores) : Guarded(scores, bias);
        if (_mode == 3) _make.Pass(3, shares);
        if (!_make.IsRead(0)) return;
        var result = _make.Apply("MatMul", "Y/grouped", Grouped(shares, "shares"), _value);
        var size = _value.Shape[3];
        if (!_isFlat)
        {
            _make.Give(0, "Reshape", Composition.ShapeOf([Batch, QueryHeads, Queries, size]), result);
            return;
        }
        var heads = _make.Transpose(Ungrouped(result, "Y"), "Y/transposed", 0, 2, 1, 3);
        _make.Give(0, "Reshape", Composition.ShapeOf([Batch, Queries, QueryHeads * size]), heads);
    }

    /// <summary>An input as [batch, heads, length, size].</summary>
    private Value Heads(int input, string name, long? heads)
    {
        var x = _node.Required(input);
        if (x.Shape.Rank != (_isFlat ? 3 : 4))
            throw _node.Error($"its input {name} has the shape {x.Shape}", "Q, K and V must all have 3 or all 4 axes");
        if (!_isFlat) return x;
        if (heads is not > 0 || x.Shape[2] % heads != 0)
            throw _node.Error($"its input {name} has the shape {x.Shape}, and there are {heads ?? 0} heads",
                "q_num_heads and kv_num_heads must divide the last axes of Q and of K and V");
        var split = _make.View(x, $"{name}/split", x.Shape[0], x.Shape[1], (int)heads, x.Shape[2] / (int)heads);
        return _make.Transpose(split, $"{name}/heads", 0, 2, 1, 3);
    }

    /// <summary>What came before, and the input after it.</summary>
    private Value Joined(int past, Value present, string name) => _node.Input(past) is { } before
        ? _make.Apply("Concat", $"{name}/present", Attributes.Of(("axis", 2)), before, present)
        : present;

    private void RequireFit()
    {
        var (q, k, v) = (_query.Shape, _key.Shape, _value.Shape);
        var fits = q[0] == k[0] && q[0] == v[0] && k[1] == v[1] && k[2] == v[2] && q[3] == k[3]
            && k[1] > 0 && q[1] % k[1] == 0;
        if (!fits)
            throw _node.Error($"Q, K and V are {q}, {k} and {v} by heads",
                "batches, lengths of K and V and sizes of Q and K must be equal, and K's heads divide Q's");
        if ((_node.Input(PastKey) is null) != (_node.Input(PastValue) is null))
            throw _node.Error("it has one of past_key and past_value", "there must be both or none");
        if (_mode is < 0 or > 3)
            throw _node.Error($"its qk_matmul_output_mode is {_mode}", "0 to 3 are possible");
    }

    /// <summary>Heads that share one of K and V, one below the other.</summary>
    private Value Grouped(Value x, string name) => QueryHeads == KeyHeads
        ? x
        : _make.View(x, $"{name}/grouped", Batch, KeyHeads, QueryHeads / KeyHeads * Queries, x.Shape[3]);

    private Value Ungrouped(Value x, string name) => QueryHeads == KeyHeads
        ? x
        : _make.View(x, $"{name}/heads", Batch, QueryHeads, Queries, x.Shape[3]);

    private Value Capped(Value scores)
    {
        var cap = _make.Number("softcap", Type, _softcap);
        var tanh = _make.Apply("Tanh", "scores/tanh", _make.Apply("Div", "scores/over", scores, cap));
        return _make.Apply("Mul", "scores/capped", tanh, cap);
    }

    private Value Softmax(Value scores) => _make.Apply("Softmax", "shares", Attributes.Of(("axis", -1)), scores);

    /// <summary>The shares of scores, zeros where a query may attend to no key at all.</summary>
    private Value Guarded(Value scores, Value bias)
    {
        var largest = _make.Apply("ReduceMax", "bias/largest", Attributes.Of(("axes", new[] { -1 })), bias);
        var none = _make.Apply("Equal", "bias/none", largest,
            _make.Number("bias/infinity", Type, double.NegativeInfinity));
        // Where the bias is known it is known whether there is such a query.
        if (none is ConstantValue known && !known.Tensor.Values.Span.ContainsAnyExcept(0)) return Softmax(scores);
        var zero = _make.Number("shares/zero", Type, 0);
        var shares = Softmax(_make.Apply("Where", "scores/guarded", none, zero, scores));
        return _make.Apply("Where", "shares/guarded", none, zero, shares);
    }
}
