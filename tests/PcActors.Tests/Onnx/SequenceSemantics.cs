using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Closed form: lists of tensors, as exporters write them, are what their elements are.</summary>
public sealed class SequenceSemantics
{
    private static readonly Tensor<double> X = Tensor<double>.From(new Shape(2, 3), [1, -2, 3, -4, 5, -6]);

    [Theory]
    [InlineData(0, new double[] { 1, -4 })]
    [InlineData(2, new double[] { 3, -6 })]
    [InlineData(-2, new double[] { -2, 5 })]
    public void An_element_is_at_its_place(int place, double[] expected) => Assert.Equal(expected, Predict(
        Model().Integers("place", [], place).Node("SplitToSequence", "x", "s", ("axis", 1), ("keepdims", 0))
            .Node("SequenceAt", "s place", "y")));

    [Fact]
    public void Parts_of_very_many_elements_are_one_part() => Assert.Equal([.. X.Span], Predict(
        Model().Integers("size", [], long.MaxValue).Node("SplitToSequence", "x size", "s", ("axis", 1))
            .Node("ConcatFromSequence", "s", "y", ("axis", 1))));

    [Fact]
    public void What_is_split_inserted_and_erased_is_joined_in_its_order()
    {
        // [a, b] of extents 1 and 2; -x goes before b; the first goes.
        var model = Model().Integers("parts", 1, 2).Integers("at", [], -1).Integers("first", [], 0)
            .Node("SplitToSequence", "x parts", "s", ("axis", 1)).Node("Neg", "x", "n")
            .Node("SequenceInsert", "s n at", "t").Node("SequenceErase", "t first", "u")
            .Node("ConcatFromSequence", "u", "y", ("axis", -1));
        Assert.Equal([-1, 2, -3, -2, 3, 4, -5, 6, 5, -6], Predict(model));
    }

    [Fact]
    public void A_list_that_grows_is_stacked_and_counted()
    {
        var model = Model().Node("SequenceEmpty", "", "s").Node("SequenceInsert", "s x", "t").Node("Abs", "x", "a")
            .Node("SequenceInsert", "t a", "u").Node("SequenceLength", "u", "n").Node("Cast", "n", "count", ("to", 1))
            .Node("ConcatFromSequence", "u", "stack", ("axis", 0), ("new_axis", 1)).Node("Mul", "stack count", "y");
        Assert.Equal([2, -4, 6, -8, 10, -12, 2, 4, 6, 8, 10, 12], Predict(model));
    }

    [Fact]
    public void A_sequence_passes_what_may_be_absent()
    {
        var model = Model().Node("Optional", "x", "o").Node("OptionalHasElement", "o", "has")
            .Node("OptionalGetElement", "o", "e").Node("Cast", "has", "one", ("to", 1)).Node("Add", "e one", "y");
        Assert.Equal([2, -1, 4, -3, 6, -5], Predict(model));
    }

    [Fact]
    public void An_operator_of_tensors_refuses_a_sequence()
    {
        var message = Refused(Model().Node("SequenceConstruct", "x x", "s").Node("Neg", "s", "y"));
        Assert.Contains("it reads 's', a sequence of 2 tensors; it needs a tensor", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Loop")]
    [InlineData("Scan")]
    [InlineData("SequenceMap")]
    public void A_sequence_is_not_stacked(string type)
    {
        var body = new GraphProto { Name = "body", Output = { new ValueInfoProto { Name = "s" } } };
        foreach (var name in type == "Loop" ? (string[])["i", "c"] : ["h"])
            body.Input.Add(new ValueInfoProto { Name = name });
        if (type == "Loop") body.Output.Insert(0, new ValueInfoProto { Name = "c" });
        body.Node.Add(new NodeProto { OpType = "SequenceConstruct", Input = { "x", "x" }, Output = { "s" } });
        var model = Model().Integers("trips", [], 2).Node("SplitToSequence", "x", "list");
        var node = new NodeProto { OpType = type, Output = { type == "SequenceMap" ? "t" : "y" } };
        node.Input.Add(type switch { "Loop" => ["trips", ""], "Scan" => (string[])["x"], _ => ["list"] });
        node.Attribute.Add(new AttributeProto
        {
            Name = "body",
            Type = AttributeProto.Types.AttributeType.Graph,
            G = body,
        });
        if (type == "Scan")
            node.Attribute.Add(new AttributeProto
            {
                Name = "num_scan_inputs",
                Type = AttributeProto.Types.AttributeType.Int,
                I = 1,
            });
        model.Proto.Graph.Node.Add(node);
        if (type == "SequenceMap") model.Node("ConcatFromSequence", "t", "y", ("axis", 0));
        Assert.Contains("is a sequence of 2 tensors, and a tensor is needed", Refused(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "its position is 2, in a sequence of 2 tensors")]
    [InlineData(-3, "its position is -3, in a sequence of 2 tensors")]
    public void A_place_outside_is_named(int place, string expected) => Assert.Contains(expected, Refused(
        Model().Integers("place", [], place).Node("SequenceConstruct", "x x", "s").Node("SequenceAt", "s place", "y")),
        StringComparison.Ordinal);

    [Fact]
    public void A_place_that_depends_on_data_is_named() => Assert.Contains("'position' ('at') depends on data", Refused(
        Model().Node("SequenceConstruct", "x x", "s").Node("ReduceSum", "x", "sum", ("keepdims", 0))
            .Node("Cast", "sum", "at", ("to", 7)).Node("SequenceAt", "s at", "y")), StringComparison.Ordinal);

    [Fact]
    public void A_sequence_is_no_root() => Assert.Contains("the output 'y' is a sequence", Refused(
        Model().Node("SequenceConstruct", "x x", "y")), StringComparison.Ordinal);

    private static TestModel Model() => new TestModel().Input("x", 2, 3);

    private static string Refused(TestModel model) =>
        Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<double>(model.Output("y").Model)).Message;

    private static double[] Predict(TestModel model) => Forward.Predict(
        OnnxImport.ToGraph<double>(model.Output("y").Model).Graph, _ => X).Span.ToArray();
}
