using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Onnx.Import;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>What the import makes of models, by small ones whose meaning is plain.</summary>
public class OnnxImportSemantics
{
    [Theory]
    [InlineData("Gather", 0, 3, false)]
    [InlineData("Gather", 0, -5, true)]
    [InlineData("Gather", 1, 2, true)]
    [InlineData("GatherElements", 0, 4, true)]
    [InlineData("GatherElements", -1, -2, false)]
    [InlineData("ScatterElements", 0, 4, true)]
    public void Constant_indices_are_checked_when_the_model_is_read(string type, int axis, int index, bool isRefused)
    {
        var model = new TestModel().Input("x", 4, 2).Floats("w", [4, 2], 1, 2, 4, 3, 5, 7, 6, 8)
            .Integers("i", [1, 1], index).Floats("u", [1, 1], 3).Node("Mul", "x w", "p")
            .Node(type, type == "ScatterElements" ? "p i u" : "p i", "y", ("axis", axis)).Output("y").Model;
        if (!isRefused)
        {
            Assert.Equal(["w"], OnnxImport.ToGraph<float>(model).Parameters.Keys);
            return;
        }
        var message = Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model)).Message;
        Assert.Contains($"({type}): the index {index} is outside axis {axis} of the shape [4, 2]", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_learn_unless_they_are_frozen_or_set_an_operator_up()
    {
        var model = new TestModel(13).Input("x", "N", 2)
            .Floats("weight", [2, 2], 1, 2, 3, 4).Floats("frozen", [2], 1, 2)
            .Node("MatMul", "x weight", "h").Node("Add", "h frozen", "y").Output("y", "N", 2).Model;

        var imported = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 3, Frozen = ["frozen"] });

        Assert.Equal(["weight"], imported.Parameters.Keys);
        Assert.False(imported.Graph.Find("frozen").Trainable);
        Assert.Equal(["x"], imported.Inputs.Keys);
        Assert.Equal(new Shape(3, 2), imported.Inputs["x"].Shape);
        Assert.Equal("y", imported.Graph.Root.Name);
        Assert.Contains("'typo'", Message(model, new() { BatchSize = 1, Frozen = ["typo"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Running_statistics_and_bounds_are_settings()
    {
        var model = new TestModel().Input("x", 1, 2)
            .Floats("s", [2], 1, 1).Floats("b", [2], 0, 0).Floats("mean", [2], 0, 0).Floats("var", [2], 1, 1)
            .Floats("low", [], 0).Floats("p", [], 2)
            .Node("BatchNormalization", "x s b mean var", "n").Node("Clip", "n low", "c").Node("Pow", "c p", "y")
            .Output("y").Model;
        var needed = new NeededNodes(model.Nodes, "y", "model");
        Assert.Equal(["low", "mean", "var"], needed.Settings("y", ["x"]).Order());
    }

    [Fact]
    public void What_a_constant_is_computed_from_does_not_learn()
    {
        var model = new TestModel(13).Input("x", 6).Floats("rows", [1], 2).Floats("half", [1], 0.5f)
            .Integers("rest", -1)
            .Node("Div", "rows half", "four").Node("Cast", "four", "n", ("to", 7)).Node("Sub", "n rest", "five")
            .Node("Add", "five rest", "f")
            .Node("Sub", "f rest", "g").Node("Add", "g rest", "h").Node("Slice", "x rest0 h", "s")
            .Node("Mul", "s half", "y").Output("y");
        model.Integers("rest0", 0);
        var imported = OnnxImport.ToGraph<float>(model.Model);
        Assert.Equal(new Shape(4), imported.Graph.Root.Shape);
        // What is used for both learns where it is a weight, and is what the file has where it sets something up.
        Assert.Equal(["half"], imported.Parameters.Keys);
        Assert.Contains(imported.Notices, notice => notice.Contains("as the file has it", StringComparison.Ordinal));
    }

    [Fact]
    public void An_input_that_is_left_out_before_one_that_becomes_an_attribute_is_left_out()
    {
        var model = new TestModel(18).Input("x", 2, 3).Floats("w", [3], 1, 2, 3).Integers("pads", 1, 0)
            .Integers("axes", -1)
            .Node("Mul", "x w", "h").Node("Pad", ["h", "pads", "", "axes"], ["y"]).Output("y").Model;

        var graph = OnnxImport.ToGraph<float>(model).Graph;

        var padded = Forward.Predict(graph, _ => Tensor<float>.From(new Shape(2, 3), [1, 1, 1, 2, 2, 2]));
        Assert.Equal(new Shape(2, 4), padded.Shape);
        Assert.Equal([0, 1, 2, 3, 0, 2, 4, 6], padded.Span.ToArray());
    }

    [Fact]
    public void The_batch_size_fills_first_dimensions_that_are_open()
    {
        var model = new TestModel().Input("a", "N", 2).Input("b", null, 2).Input("c", 1, "N", 2)
            .Node("Add", "a b", "d").Node("Add", "d c", "y").Output("y").Model;

        var graph = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 5 }).Graph;

        Assert.Equal(new Shape(5, 2), graph.Find("a").Shape);
        Assert.Equal(new Shape(5, 2), graph.Find("b").Shape);
        Assert.Equal(new Shape(1, 5, 2), graph.Find("c").Shape);
        Assert.Contains("'a'", Message(model, new()), StringComparison.Ordinal);
        Assert.Contains("'b'", Message(model, new() { Dimensions = new Dictionary<string, int> { ["N"] = 5 } }),
            StringComparison.Ordinal);
        Assert.Contains("'M'", Message(model, new() { Dimensions = new Dictionary<string, int> { ["M"] = 5 } }),
            StringComparison.Ordinal);
        Assert.Contains("batch size", Message(model, new() { BatchSize = 0 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_size_that_the_model_does_not_have_is_refused()
    {
        var model = new TestModel().Input("x", 4, 2).Node("Relu", "x", "y").Output("y").Model;
        Assert.NotNull(OnnxImport.ToGraph<float>(model));
        Assert.NotNull(OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 4 }));
        Assert.Contains("'x'", Message(model, new() { BatchSize = 8 }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_lead_to_the_chosen_output_is_left_out()
    {
        var model = new TestModel().Input("x", 1, 2).Input("other", "?", 7).Floats("v", [2], 1, 1)
            .Node("Relu", "x", "h").Node("Tanh", "h", "y").Node("Mul", "h v", "w").Node("Frobnicate", "w other", "z")
            .Output("y").Output("z").Model;

        var imported = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { Output = "y", Rewrite = [] });

        Assert.Equal(["x", "h", "y"], imported.Graph.Vertices.Select(v => v.Name));
        Assert.Contains("y, z", Message(model, new()), StringComparison.Ordinal);
        Assert.Contains("'q'", Message(model, new() { Output = "q" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vertex_of_which_only_the_shape_is_read_is_left_out()
    {
        var model = new TestModel().Input("x", "N", 6).Input("z", "N", 2, 3)
            .Node("Relu", "z", "unread").Node("Shape", "unread", "shape").Node("Reshape", "x shape", "y")
            .Output("y").Model;

        var graph = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 2 }).Graph;

        Assert.Equal(["x", "y"], graph.Vertices.Select(v => v.Name));
        Assert.Equal(new Shape(2, 2, 3), graph.Root.Shape);
    }

    [Fact]
    public void Shapes_are_computed_and_the_largest_integer_means_to_the_end()
    {
        // y = x[:, 1:] as [N * 2, -1], its shape put together from parts, the end of the slice too.
        var model = new TestModel(13).Input("x", "N", 3, 2)
            .Integers("one", 1).Integers("zero", 0).Integers("max", long.MaxValue).Integers("minus", -1)
            .Integers("two", 2)
            .Node("Concat", "max", "ends", ("axis", 0)).Node("Slice", "x one ends one", "s")
            .Node("Shape", "x", "shape").Node("Slice", "shape zero one", "batch").Node("Mul", "batch two", "rows")
            .Node("Concat", "rows minus", "to", ("axis", 0)).Node("Reshape", "s to", "y").Output("y").Model;

        var graph = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { BatchSize = 5 }).Graph;

        Assert.Equal(["x", "s", "y"], graph.Vertices.Select(v => v.Name));
        Assert.Equal(new Shape(10, 2), graph.Root.Shape);
    }

    [Fact]
    public void Integers_beyond_2_to_the_53_are_refused_where_they_are_computed_with()
    {
        var big = 1L << 53;
        TestModel Sum(long value) => new TestModel(13).Input("x", 4).Integers("big", value).Integers("one", 1)
            .Node("Add", "big one", "shape").Node("Reshape", "x shape", "y").Output("y");
        Assert.Contains("2^53", Message(Sum(big).Model, new()), StringComparison.Ordinal);
        Assert.Contains("'big'", Message(Sum(big + 1).Model, new()), StringComparison.Ordinal);
        Assert.NotNull(OnnxImport.ToGraph<float>(Sum(3).Model));
    }

    [Fact]
    public void Whole_numbers_are_divided_towards_zero()
    {
        var model = new TestModel(13).Input("x", 6).Integers("a", -7, 7).Integers("b", 2, 2).Integers("c", 6, 0)
            .Node("Div", "a b", "q").Node("Add", "q c", "shape").Node("Reshape", "x shape", "y").Output("y").Model;
        // -7 / 2 = -3 and 7 / 2 = 3: [6 - 3, 3] is too much, so the message shows what was computed.
        Assert.Contains("[3, 3]", Message(model, new()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_decides_a_shape_has_to_be_fixed()
    {
        var model = new TestModel(13).Input("x", 6).Input("to", OnnxElementType.Int64, 2).Node("Reshape", "x to", "y")
            .Output("y").Model;
        Assert.Contains("'to'", Message(model, new()), StringComparison.Ordinal);

        var options = new OnnxImportOptions
        {
            FixedInputs =
            new Dictionary<string, OnnxTensor> { ["to"] = OnnxTensor.Of(new Shape(2), 2, 3) }
        };
        Assert.Equal(new Shape(2, 3), OnnxImport.ToGraph<float>(model, options).Graph.Root.Shape);
        var misfit = new Dictionary<string, OnnxTensor> { ["to"] = OnnxTensor.Of(new Shape(3), 2, 3, 1) };
        Assert.Contains("[3]", Message(model, new() { FixedInputs = misfit }), StringComparison.Ordinal);
        var unknown = new Dictionary<string, OnnxTensor> { ["two"] = OnnxTensor.Of(new Shape(2), 2, 3) };
        Assert.Contains("'two'", Message(model, new() { FixedInputs = unknown }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_that_is_too_large_to_be_meant_is_refused()
    {
        var model = new TestModel(13).Input("x", 1).Integers("n", 1 << 15, 1 << 15)
            .Node("ConstantOfShape", "n", "c").Node("Add", "x c", "y").Output("y").Model;
        Assert.Contains("'c'", Message(model, new()), StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_become_slices()
    {
        var model = new TestModel(18).Input("x", 5, 2)
            .Node("Split", "x", "a b", ("axis", 0), ("num_outputs", 2)).Node("Concat", "b a", "y", ("axis", 0))
            .Output("y").Model;
        var graph = OnnxImport.ToGraph<double>(model).Graph;
        Assert.Equal(["Slice", "Slice"],
            graph.Vertices.Where(v => v.Name is "a" or "b").Select(v => v.Function!.OperatorType));
        var y = Forward.Predict(graph, _ => Tensor<double>.From(new Shape(5, 2), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Equal([6, 7, 8, 9, 0, 1, 2, 3, 4, 5], y.Span.ToArray());
    }

    [Fact]
    public void Softmax_of_opset_12_runs_over_all_axes_from_its_own_on()
    {
        TestModel Softmax(int opset) =>
            new TestModel(opset).Input("x", 2, 2, 2).Node("Softmax", "x", "y", ("axis", 1)).Output("y");
        static double[] Run(TestModel test) => Forward.Predict(
            OnnxImport.ToGraph<double>(test.Model).Graph, _ => new Tensor<double>(new Shape(2, 2, 2))).Span.ToArray();
        Assert.All(Run(Softmax(12)), p => Assert.Equal(0.25, p, 1e-15));
        Assert.All(Run(Softmax(13)), p => Assert.Equal(0.5, p, 1e-15));
    }

    [Fact]
    public void Dropout_passes_its_input_on()
    {
        var model = new TestModel(13).Input("x", 2).Floats("ratio", [], 0.5f).Node("Dropout", "x ratio", "y mask")
            .Output("y").Model;
        var graph = OnnxImport.ToGraph<float>(model).Graph;
        Assert.Equal("Identity", graph.Root.Function!.OperatorType);
        Assert.Empty(graph.Parameters);
    }

    [Fact]
    public void A_mask_of_a_dropout_that_trains_is_the_one_drawn_there()
    {
        var model = new TestModel(13).Input("x", 2).Floats("ratio", [], 0.5f).Integers("train", [], 1)
            .Node("Dropout", "x ratio train", "y mask").Node("Cast", "mask", "m", ("to", 1)).Node("Mul", "y m", "z")
            .Output("z").Model;
        var mask = OnnxImport.ToGraph<float>(model).Graph.Find("mask").Function!;
        Assert.Equal(("Dropout:mask", "y"), (mask.OperatorType, mask.Attributes.Text("draws", "")));
    }

    [Fact]
    public void Vertices_of_an_expansion_do_not_meet_names_of_the_model()
    {
        var model = new TestModel(12).Input("x", 2, 2, 2).Node("Relu", "x", "y/matrix")
            .Node("Softmax", ["y/matrix"], ["y"], ("axis", 1)).Output("y").Model;
        Assert.Equal(["x", "y/matrix", "y/matrix'", "y/rows", "y"],
            OnnxImport.ToGraph<float>(model).Graph.Vertices.Select(v => v.Name));
    }

    [Fact]
    public void Every_supported_operator_of_the_message_is_one()
    {
        foreach (var name in OperatorCatalogue.Onnx.Where(n => !n.Contains(':', StringComparison.Ordinal)))
            Assert.Contains(name, ImportRules.Supported);
    }

    private static string Message(OnnxModel model, OnnxImportOptions options) =>
        Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model, options)).Message;
}
