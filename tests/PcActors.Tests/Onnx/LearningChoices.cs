using PcActors.Onnx;
using PcActors.Onnx.Schema;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: which tensors of a model file learn, and why the others do not, is what their uses, the file's
/// own words and its reader's wishes say.</summary>
public class LearningChoices
{
    [Theory]
    [InlineData("Identity")]
    [InlineData("Cast")]
    [InlineData("Neg")]
    public void One_tensor_may_be_scale_and_variance(string through)
    {
        // Exporters merge equal tensors: at first scale and variance are ones, bias and mean zeros.
        var model = new TestModel().Input("x", 3, 2).Floats("one", [2], 1, 1).Floats("zero", [2], 0, 0);
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[("one", "variance"), ("zero", "mean")])
            model.Node(through, from, to, through == "Cast" ? [("to", 1)] : []);
        if (through == "Neg") model.Node("Neg", "variance", "positive");
        model.Node("BatchNormalization", $"x one zero mean {(through == "Neg" ? "positive" : "variance")}", "y");
        var imported = OnnxImport.ToGraph<float>(model.Output("y").Model);
        Assert.Equal(["one", "zero"], imported.Parameters.Keys);
        // Only the path by scale and B counts: what is set up is constant.
        var graph = imported.Graph;
        var node = graph.Root;
        foreach (var edge in graph.Inputs(node.Id))
            Assert.Equal(edge.Slot is 1 or 2, graph.RequiresError(edge.From));
        Assert.Equal(2, imported.Notices.Count(n => n.Contains("as the file has it", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_tensor_may_be_scale_and_variance_at_once()
    {
        var model = new TestModel().Input("x", 3, 2).Floats("one", [2], 1, 1).Floats("zero", [2], 0, 0)
            .Node("BatchNormalization", "x one zero zero one", "y").Output("y");
        var imported = OnnxImport.ToGraph<float>(model.Model);
        Assert.Equal(["one", "zero"], imported.Parameters.Keys);
        Assert.Equal([false, true, true, false, false],
            imported.Graph.Inputs(imported.Graph.RootId).Select(e => imported.Graph.RequiresError(e.From)));
    }

    [Fact]
    public void Running_statistics_alone_do_not_learn()
    {
        var model = new TestModel().Input("x", 3, 2).Floats("s", [2], 1, 1).Floats("b", [2], 0, 0)
            .Floats("m", [2], 1, 0).Floats("v", [2], 1, 2)
            .Node("Identity", "v", "w").Node("BatchNormalization", "x s b m w", "y").Output("y");
        Assert.Equal(["s: learns", "b: learns", "m: it sets an operator up", "v: it sets an operator up"],
            Choices(model));
    }

    [Fact]
    public void Signs_of_buffers_are_said()
    {
        var infinity = float.NegativeInfinity;
        var model = new TestModel().Input("x", 2, 2).Floats("offset", [2], 1, 2).Floats("spread", [2], 1, 2)
            .Floats("w", [2, 2], 1, 2, 3, 4).Floats("layer.pe", [2], 1, 2).Floats("b", [2, 2], 0, infinity, 0, 0)
            .Floats("c", [2, 2], 0, -1e9f, 0, 0).Floats("tri", [2, 2], 1, 0, 1, 1).Floats("onnx::Mul_3", [], 3)
            .Floats("p", [], 2).Floats("q", [], 2.5f).Floats("unread", [2], 1, 2)
            .Node("Sub", "x offset", "a1").Node("Div", "a1 spread", "a2").Node("MatMul", "a2 w", "a3")
            .Node("Add", "a3 layer.pe", "a4").Node("Add", "a4 b", "a5").Node("Add", "a5 c", "a6")
            .Node("Mul", "a6 tri", "a7").Node("Mul", "a7 onnx::Mul_3", "a8").Node("Pow", "a8 p", "a9")
            .Node("Pow", "a9 q", "y").Output("y");
        Assert.Equal(
            [
                "offset: it normalises the input", "spread: it normalises the input", "w: learns",
                "layer.pe: 'pe' is a usual name of a buffer", "b: it holds infinities or no numbers, as a mask does",
                "c: it is a mask of large numbers", "tri: it is a triangle of ones, as a causal mask is",
                "onnx::Mul_3: it is a single number under a constant's name",
                "p: it is the exponent of a power or a root", "q: learns",
                "unread: the output 'y' does not depend on it",
            ], Choices(model));
        // Who knows better says so.
        Assert.Contains("layer.pe: learns", Choices(model, new() { Learning = ["*.pe", "p"] }));
        Assert.Contains("p: learns", Choices(model, new() { Learning = ["*.pe", "p"] }));
        Assert.Contains("w: it is frozen", Choices(model, new() { Frozen = ["?"] }));
    }

    [Fact]
    public void Masks_and_the_vectors_of_spectral_normalisation_are_told_from_weights_by_their_names()
    {
        string[] names = ["a.weight_orig", "a.weight_u", "a.weight_v", "b.weight_g", "b.weight_v", "mask1",
            "block.masks", "attn_mask", "mask_token", "c.slopes"];
        var model = new TestModel().Input("x", 2);
        foreach (var (i, name) in names.Index())
            model.Floats(name, [2], 1, 2).Node("Mul", $"{(i == 0 ? "x" : $"y{i - 1}")} {name}", $"y{i}");
        var learning = Choices(model.Output($"y{names.Length - 1}"))
            .Where(c => c.EndsWith(": learns", StringComparison.Ordinal)).Select(c => c[..^": learns".Length]);
        Assert.Equal(["a.weight_orig", "b.weight_g", "b.weight_v", "mask_token"], learning);
    }

    [Theory]
    [InlineData("", "pool.p", "it is the exponent of a power or a root")]
    [InlineData("pytorch", "pool.p", "learns")]
    [InlineData("pytorch", "onnx::Pow_12", "it is the exponent of a power or a root")]
    public void A_whole_exponent_with_a_name_of_its_own_learns_in_files_of_PyTorch(
        string producer, string name, string expected)
    {
        // As in generalised mean pooling. PyTorch has a number of the code in a Constant, or names it so.
        var model = new TestModel().Input("x", 2).Floats("w", [2], 1, 2).Floats(name, [1], 3)
            .Node("Mul", "x w", "h").Node("Pow", $"h {name}", "y").Output("y");
        model.Proto.ProducerName = producer;
        Assert.Equal(["w: learns", $"{name}: {expected}"], Choices(model));
    }

    [Fact]
    public void The_normalisation_of_an_input_is_found_behind_shapes_types_and_numbers()
    {
        var number = new TensorProto { DataType = (int)OnnxElementType.Float, FloatData = { 255 } };
        var model = new TestModel().Input("x", OnnxElementType.UInt8, 1, 2, 2).Integers("axes", 1)
            .Floats("m", [2], 1, 2).Floats("s", [2], 1, 2).Floats("tied.bias", [2], 1, 2)
            .Node("Cast", "x", "x1", ("to", 1)).Node("Constant", [], ["c"], ("value", number))
            .Node("Div", "x1 c", "x2").Node("Unsqueeze", "m axes", "m1").Node("Identity", "s", "s1")
            .Node("Sub", "x2 m1", "x3").Node("Div", "x3 s1", "x4").Node("Sub", "x4 tied.bias", "y").Output("y");
        Assert.Equal(["m: it normalises the input", "s: it normalises the input", "tied.bias: learns"], Choices(model));
    }

    [Theory]
    [InlineData("PARAMETER", "learns")]
    [InlineData("InputKind.PARAMETER", "learns")]
    [InlineData("BUFFER", "the file says that it is a buffer")]
    [InlineData("InputKind.CONSTANT_TENSOR", "the file says that it is a constant tensor")]
    public void The_files_own_words_come_before_signs(string kind, string expected)
    {
        var model = new TestModel().Input("x", 2, 2).Floats("w", [2, 2], 1, 2, 3, 4).Floats("pe", [2], 1, 2)
            .Node("MatMul", "x w", "h").Node("Add", "h pe", "y").Output("y");
        model.Proto.Graph.ValueInfo.Add(new ValueInfoProto
        {
            Name = "pe",
            MetadataProps =
            {
                new StringStringEntryProto { Key = "pkg.torch.export.graph_signature.InputSpec.kind", Value = kind }
            },
        });
        Assert.Equal(["w: learns", $"pe: {expected}"], Choices(model));
    }

    [Fact]
    public void Weights_in_Constant_nodes_learn_on_request_and_are_exported()
    {
        var weight = new TensorProto
        {
            DataType = (int)OnnxElementType.Float,
            Dims = { 2, 2 },
            FloatData = { 1, 2, 3, 4 },
        };
        var model = new TestModel().Input("x", 2, 2).Node("Constant", [], ["W"], ("value", weight))
            .Node("MatMul", "x W", "y").Output("y");
        Assert.Equal(["W: it stands in a Constant node, and not among the weights"], Choices(model));
        var imported = OnnxImport.ToGraph<float>(model.Model, new() { Learning = ["W"] });
        Assert.Equal(["W"], imported.Parameters.Keys);
        using var folder = new PcActors.Tests.Data.TemporaryFolder();
        var value = PcActors.Tensors.Tensor<float>.From(new(2, 2), [5, 6, 7, 8]);
        OnnxExport.Save(imported, new Dictionary<string, PcActors.Tensors.Tensor<float>> { ["W"] = value },
            folder.PathOf("new.onnx"));
        var again = OnnxImport.ToGraph<float>(OnnxModel.Load(folder.PathOf("new.onnx")), new() { Learning = ["W"] });
        Assert.Equal(value.Span.ToArray(), again.Parameters["W"].Initial!.Span.ToArray());
    }

    [Theory]
    [InlineData("nothing", "", "no tensor of floats 'nothing' to learn")]
    [InlineData("", "x*", "no tensor of floats 'x*' to freeze")]
    [InlineData("s", "s", "both to learn and frozen")]
    [InlineData("v", "", "sets an operator up")]
    public void Wishes_that_cannot_be_are_refused(string learn, string freeze, string wrong)
    {
        var model = new TestModel().Input("x", 3, 2).Floats("s", [2], 1, 1).Floats("b", [2], 0, 0)
            .Floats("v", [2], 1, 2).Node("BatchNormalization", "x s b b v", "y").Output("y").Model;
        var options = new OnnxImportOptions
        {
            Learning = learn.Length == 0 ? [] : [learn],
            Frozen = freeze.Length == 0 ? [] : [freeze],
        };
        Assert.Contains(wrong, Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model, options)).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Choices(TestModel model, OnnxImportOptions? options = null) =>
        OnnxImport.ToGraph<float>(model.Model, options).Candidates
            .Select(c => $"{c.Name}: {(c.Learns ? "learns" : c.Reason)}");
}
