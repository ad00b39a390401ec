using PcActors.Onnx;

namespace PcActors.Tests.Onnx;

/// <summary>Attention with what it may have.</summary>
internal static class AttentionCases
{
    public static IEnumerable<ExpansionCase> All =>
        ((string[])["", "flat", "causal", "grouped softcap", "flat grouped causal mask", "past causal", "bool",
            "lengths causal", "scale mask qk"])
        .Select(options => new ExpansionCase($"Attention {options}".Trim(), [2, 2, 3, 4, 2], e => Model(e, options)));

    // Extents: batch, heads of K and V, queries, keys, size of a head.
    private static TestModel Model(int[] e, string options)
    {
        bool Has(string option) => options.Split(' ').Contains(option);
        var (batch, keyHeads, queries, keys, size) = (e[0], e[1], e[2], e[3], e[4]);
        var heads = Has("grouped") ? 2 * keyHeads : keyHeads;
        var past = Has("past") ? 2 : 0;
        var model = new TestModel(21);
        void Heads(string name, int count, int length, int width)
        {
            if (Has("flat")) model.Input(name, OnnxElementType.Double, batch, length, count * width);
            else model.Input(name, OnnxElementType.Double, batch, count, length, width);
        }
        Heads("q", heads, queries, size);
        Heads("k", keyHeads, keys, size);
        Heads("v", keyHeads, keys, size + 1);
        string[] inputs = ["q", "k", "v", "", "", "", ""];
        if (Has("mask"))
        {
            inputs[3] = "mask";
            model.Input("mask", OnnxElementType.Double, queries, keys);
        }
        if (Has("bool"))
        {
            // The first query attends to nothing, and the last key is beyond the mask.
            inputs[3] = "mask";
            model.Input("limit", OnnxElementType.Double, 1, 1).Integers("rows", [queries, keys - 1],
                [.. Enumerable.Range(0, queries * (keys - 1)).Select(i => (long)(i / (keys - 1)))]);
            model.Node("Cast", "rows", "numbers", ("to", (int)OnnxElementType.Double))
                .Node("Abs", "limit", "bound").Node("Mul", "bound zero", "least")
                .Node("Greater", "numbers least", "mask").Floats("zero", [], 0);
        }
        if (Has("past"))
        {
            (inputs[4], inputs[5]) = ("pk", "pv");
            model.Input("pk", OnnxElementType.Double, batch, keyHeads, past, size)
                .Input("pv", OnnxElementType.Double, batch, keyHeads, past, size + 1);
        }
        if (Has("lengths"))
        {
            inputs[6] = "lengths";
            model.Integers("lengths", [.. Enumerable.Range(0, batch).Select(i => (long)Math.Max(1, keys - i))]);
        }
        var attributes = new List<(string, object)>();
        if (Has("flat"))
        {
            attributes.Add(("q_num_heads", heads));
            attributes.Add(("kv_num_heads", keyHeads));
        }
        if (Has("causal")) attributes.Add(("is_causal", 1));
        if (Has("softcap")) attributes.Add(("softcap", 1.5));
        if (Has("scale")) attributes.Add(("scale", 0.3));
        if (Has("qk")) attributes.Add(("qk_matmul_output_mode", 2));
        string[] outputs = Has("qk") ? ["y", "", "", "scores"] : Has("past") ? ["y", "key", "value"] : ["y"];
        model.Node("Attention", inputs, outputs, [.. attributes]);
        foreach (var output in outputs.Where(o => o.Length > 0)) model.Output(output);
        return model;
    }
}
