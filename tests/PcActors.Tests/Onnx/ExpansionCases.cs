using PcActors.Onnx;

namespace PcActors.Tests.Onnx;

/// <summary>A node that is composed of other operators, in a model whose inputs and float initializers all
/// matter.</summary>
/// <param name="Name">The operator, and what is special.</param>
/// <param name="Extents">The extents that the model has.</param>
/// <param name="Build">Makes the model with extents.</param>
internal sealed record ExpansionCase(string Name, int[] Extents, Func<int[], TestModel> Build)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExpansionCase> All { get; } =
        [.. AttentionCases.All, .. RotaryCases, .. NormalizationCases, .. ImageCases, .. SequenceCases];

    private static IEnumerable<ExpansionCase> RotaryCases =>
    [
        new("RotaryEmbedding", [2, 3, 4, 2], e => Rotary(e, isFlat: false, "")),
        new("RotaryEmbedding interleaved", [2, 3, 4, 2], e => Rotary(e, isFlat: false, "interleaved")),
        new("RotaryEmbedding flat", [2, 3, 4, 2], e => Rotary(e, isFlat: true, "")),
        new("RotaryEmbedding flat interleaved partial", [2, 3, 4, 2],
            e => Rotary(e, isFlat: true, "interleaved partial")),
        new("RotaryEmbedding partial", [2, 3, 4, 2], e => Rotary(e, isFlat: false, "partial")),
    ];

    private static IEnumerable<ExpansionCase> NormalizationCases =>
    [
        new("RMSNormalization scaled along other axes", [2, 3, 4],
            e => Model("RMSNormalization", [e, [e[0], 1, e[2]]], ("epsilon", 0.1f), ("stash_type", 1))),
    ];

    private static IEnumerable<ExpansionCase> ImageCases =>
    [
        new("AffineGrid", [2, 3, 4],
            e => With(Model("AffineGrid", [[e[0], 2, 3]]), "size", e[0], 1, e[1], e[2])),
        new("AffineGrid corners", [2, 2, 3, 4], e => With(
            Model("AffineGrid", [[e[0], 3, 4]], ("align_corners", 1)), "size", e[0], 1, e[1], e[2], e[3])),
        new("CenterCropPad", [3, 5], e => With(Model("CenterCropPad", [e]), "shape", e[0] + 3, e[1] - 3)),
        new("Col2Im", [2, 2, 4, 5], e => With(With(
            Model("Col2Im", [[e[0], e[1] * 6, e[2] / 2 * (e[3] - 2)]], ("strides", new long[] { 2, 1 })),
            "image", e[2], e[3]), "block", 2, 3)),
        new("MaxUnpool", [1, 2, 3], e => MaxUnpool(e)),
        new("GlobalLpPool", [2, 2, 3, 3], e => Model("GlobalLpPool", [e])),
        new("GlobalLpPool of the sum", [2, 2, 3], e => Model("GlobalLpPool", [e], ("p", 1))),
        new("GlobalLpPool of fourth powers", [1, 2, 3, 3], e => Model("GlobalLpPool", [e], ("p", 4))),
        new("DeformConv in groups", [2, 4, 3, 3], e => Model("DeformConv",
            [e, [6, e[1] / 2, 2, 2], [e[0], 16, e[2] - 1, e[3] - 1], [6], [e[0], 8, e[2] - 1, e[3] - 1]],
            ("group", 2), ("offset_group", 2))),
        new("DeformConv strided", [1, 2, 3, 3], e => Model("DeformConv",
            [e, [3, e[1], 2, 2], [e[0], 8, (e[2] + 1) / 2, (e[3] + 1) / 2]], ("strides", new long[] { 2, 2 }),
            ("pads", new long[] { 1, 1, 0, 0 }))),
        new("Compress", [3, 4], e => With(Model("Compress", [e], ("axis", 1)), "condition", 0, 1, 1)),
        new("Compress list", [3, 4], e => With(Model("Compress", [e]), "condition", 1, 0, 0, 1, 0, 1)),
    ];

    private static IEnumerable<ExpansionCase> SequenceCases =>
    [
        new("DFT", [2, 5], e => Model("DFT", [[e[0], e[1], 1]], ("axis", 1), ("onesided", 1))),
        new("DFT inverse", [2, 4], e => Model("DFT", [[e[0], e[1], 2]], ("inverse", 1))),
        new("DFT inverse onesided", [2, 4], e => Model("DFT", [[e[0], e[1], 2]], ("inverse", 1), ("onesided", 1))),
        new("STFT", [2, 9], e => Stft(e)),
        new("ReverseSequence", [3, 2, 2], e => With(Model("ReverseSequence", [e]), "lengths",
            [.. Enumerable.Range(0, e[1]).Select(i => i % (e[0] + 1))])),
        new("ReverseSequence batch first", [2, 3], e => With(
            Model("ReverseSequence", [e], ("time_axis", 1), ("batch_axis", 0)), "lengths",
            [.. Enumerable.Range(0, e[0]).Select(i => e[1] - (i % 2))])),
        new("TensorScatter", [2, 5, 3],
            e => With(Model("TensorScatter", [e, [e[0], 2, e[2]]], ("mode", "circular")), "places",
                [.. Enumerable.Range(0, e[0]).Select(i => e[1] - 1 - (i % 2))])),
        new("SwiGLU", [3, 4], e => Model("SwiGLU", [e, e], ("alpha", 1.5f))),
        new("CausalConvWithState", [2, 3, 5],
            e => Model("CausalConvWithState", [e, [e[1], 1, 3], [e[1]], [e[0], e[1], 2]], ("activation", "silu"))),
        .. ((string[])["linear", "gated", "delta", "gated_delta"]).Select(rule =>
            new ExpansionCase($"LinearAttention {rule}", [2, 3, 2, 2], e => Linear(e, rule))),
    ];

    /// <summary>The model with a further input of its node that is known.</summary>
    private static TestModel With(TestModel model, string name, params int[] numbers)
    {
        model.Integers(name, Array.ConvertAll(numbers, n => (long)n));
        model.Proto.Graph.Node[0].Input.Add(name);
        return model;
    }

    // Extents: batch, steps, heads of keys, size of a head.
    private static TestModel Linear(int[] e, string rule)
    {
        var (batch, steps, heads, size) = (e[0], e[1], e[2], e[3]);
        var keys = new[] { batch, steps, heads * size };
        return Model("LinearAttention",
            [[batch, steps, 2 * heads * size], keys, [batch, steps, heads * (size + 1)],
                [batch, heads, size, size + 1], keys, [batch, steps, heads]],
            ("q_num_heads", 2 * heads), ("kv_num_heads", heads), ("update_rule", rule));
    }

    private static TestModel MaxUnpool(int[] e)
    {
        var model = Model("MaxUnpool", [e], ("kernel_shape", new long[] { 2 }), ("strides", new long[] { 2 }));
        model.Integers("places", [e[0], e[1], e[2]],
            [.. Enumerable.Range(0, e[0] * e[1] * e[2]).Select(i => (long)((2 * i) + (i % 2)))]);
        model.Proto.Graph.Node[0].Input.Add("places");
        return model;
    }

    private static TestModel Stft(int[] e)
    {
        var model = Model("STFT", [[e[0], e[1], 1]]).Integers("step", [], 2)
            .Input("window", OnnxElementType.Double, 4);
        model.Proto.Graph.Node[0].Input.Add(["step", "window"]);
        return model;
    }

    /// <summary>A model of one node whose inputs are all data.</summary>
    internal static TestModel Model(string operatorType, int[][] inputs,
        params (string Name, object Value)[] attributes)
    {
        var model = new TestModel(21);
        string[] names = [.. inputs.Select((_, i) => ((char)('a' + i)).ToString())];
        for (var i = 0; i < inputs.Length; i++)
            model.Input(names[i], OnnxElementType.Double, [.. inputs[i].Cast<object>()]);
        return model.Node(operatorType, names, ["y"],
            [.. attributes.Select(a => (a.Name, a.Value is float number ? (double)number : a.Value))]).Output("y");
    }

    // Extents: batch, heads, length, pairs of a head.
    private static TestModel Rotary(int[] e, bool isFlat, string options)
    {
        var (batch, heads, length, pairs) = (e[0], e[1], e[2], e[3]);
        var isPartial = options.Contains("partial", StringComparison.Ordinal);
        var size = (isPartial ? 3 : 2) * pairs;
        var model = new TestModel(21);
        if (isFlat) model.Input("x", OnnxElementType.Double, batch, length, heads * size);
        else model.Input("x", OnnxElementType.Double, batch, heads, length, size);
        model.Input("cos", OnnxElementType.Double, batch, length, pairs)
            .Input("sin", OnnxElementType.Double, batch, length, pairs);
        var attributes = new List<(string, object)>();
        if (isFlat) attributes.Add(("num_heads", heads));
        if (isPartial) attributes.Add(("rotary_embedding_dim", 2 * pairs));
        if (options.Contains("interleaved", StringComparison.Ordinal)) attributes.Add(("interleaved", 1));
        return model.Node("RotaryEmbedding", ["x", "cos", "sin"], ["y"], [.. attributes]).Output("y");
    }
}
