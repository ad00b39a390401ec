using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Closed form: models with graphs inside nodes, with functions of their own, and with nodes in any order,
/// predict what the same model without them does.</summary>
public class Bodies
{
    private static readonly Tensor<double> X = Tensor<double>.From(new Shape(2, 3), [1, -2, 3, -4, 5, -6]);

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void If_is_the_branch_that_its_condition_chooses(int rows, bool holds)
    {
        var then = Graph([], ["t"], Node("Mul", ["x", "two"], "t"));
        var otherwise = Graph([], ["e"], Node("Neg", ["x"], "h"), Node("Abs", ["h"], "e"));
        var model = Model(rows).Integers("wanted", 2).Node("Shape", "x", "shape")
            .Node("Gather", "shape zero", "extent").Node("Equal", "extent wanted", "same").Integers("zero", 0);
        model.Proto.Graph.Node.Add(
            WithGraphs("If", ["same"], ["y"], ("then_branch", then), ("else_branch", otherwise)));
        var imported = OnnxImport.ToGraph<double>(model.Output("y").Model);
        var x = rows == 2 ? X : Tensor<double>.From(new Shape(3, 3), [1, -2, 3, -4, 5, -6, 7, 8, -9]);
        Assert.Equal(x.Span.ToArray().Select(e => holds ? 2 * e : Math.Abs(e)), Predict(imported, x));
        Assert.Contains(imported.Notices, n => n.Contains($"always {(holds ? "true" : "false")}",
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_condition_that_depends_on_data_is_named()
    {
        var branch = Graph([], ["t"], Node("Neg", ["x"], "t"));
        var model = Model(2).Node("ReduceSum", "x", "sum", ("keepdims", 0)).Node("Greater", "sum two", "is");
        model.Proto.Graph.Node.Add(WithGraphs("If", ["is"], ["y"], ("then_branch", branch), ("else_branch", branch)));
        var message = Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<double>(model.Output("y").Model)).Message;
        Assert.Contains("'cond' ('is') depends on data", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("If")]
    [InlineData("Loop")]
    public void What_sets_an_operator_of_a_body_up_is_no_weight(string operatorType)
    {
        var norm = new NodeProto
        {
            OpType = "BatchNormalization",
            Input = { "x", "scale", "own", "mean", "variance" },
            Output = { "t", "m", "v" },
            Attribute = { new AttributeProto { Name = "training_mode", I = 1,
                Type = AttributeProto.Types.AttributeType.Int } },
        };
        // A body's nodes may be in any order.
        var own = Node("Identity", ["b"], "own");
        var model = Model(2).Floats("scale", [3], 1, 1, 1).Floats("b", [3], 0, 0, 0).Floats("mean", [3], 0, 0, 0)
            .Floats("variance", [3], 1, 1, 1).Integers("M", 2);
        if (operatorType == "If")
        {
            model.Node("Constant", [], ["c"], ("value", new TensorProto
            {
                DataType = (int)OnnxElementType.Bool,
                Int32Data = { 1 },
            }));
            model.Proto.Graph.Node.Add(WithGraphs("If", ["c"], ["y"], ("then_branch", Graph([], ["t"], norm, own)),
                ("else_branch", Graph([], ["e"], Node("Neg", ["x"], "e")))));
        }
        else
        {
            norm.Input[0] = "h";
            model.Proto.Graph.Node.Add(WithGraphs("Loop", ["M", "", "x"], ["y"],
                ("body", Graph(["i", "c", "h"], ["c", "t"], norm, own))));
        }
        var imported = OnnxImport.ToGraph<double>(model.Output("y").Model);
        Assert.Equal(["scale", "b"], imported.Parameters.Keys);
        Assert.Equal(["b", "mean", "scale", "variance"], imported.Changing.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Loop_makes_its_trips(int trips)
    {
        // h = 2 h + trip, and every h is stacked.
        var body = Graph(["i", "c", "h"], ["c", "next", "all"], Node("Cast", ["i"], "number", ("to", 11)),
            Node("Mul", ["h", "two"], "twice"), Node("Add", ["twice", "number"], "next"),
            Node("Identity", ["next"], "all"));
        var model = Model(2).Integers("M", trips);
        model.Proto.Graph.Node.Add(WithGraphs("Loop", ["M", "", "x"], ["last", "stack"], ("body", body)));
        double[] h = X.Span.ToArray();
        var all = new List<double>();
        for (var i = 0; i < trips; i++)
        {
            h = Array.ConvertAll(h, e => (2 * e) + i);
            all.AddRange(h);
        }
        Assert.Equal(h, Predict(OnnxImport.ToGraph<double>(model.Output("last").Model), X));
        model.Proto.Graph.Output.Clear();
        Assert.Equal(all, Predict(OnnxImport.ToGraph<double>(model.Output("stack").Model), X));
    }

    [Fact]
    public void Loop_ends_when_its_condition_does()
    {
        var body = Graph(["i", "c", "h"], ["goes", "next"], Node("Add", ["h", "two"], "next"),
            Node("Less", ["i", "three"], "goes"));
        var model = Model(2).Integers("three", [], 3);
        model.Proto.Graph.Node.Add(WithGraphs("Loop", ["", "", "x"], ["y"], ("body", body)));
        Assert.Equal(X.Span.ToArray().Select(e => e + 8),
            Predict(OnnxImport.ToGraph<double>(model.Output("y").Model), X));
    }

    [Fact]
    public void Loop_that_does_not_end_is_refused()
    {
        var body = Graph(["i", "c", "h"], ["c", "next"], Node("Identity", ["h"], "next"));
        var model = Model(2);
        model.Proto.Graph.Node.Add(WithGraphs("Loop", ["", "", "two"], ["y"], ("body", body)));
        Assert.Contains("1000 trips", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_in_a_loop_are_bounded_together()
    {
        var inner = Graph(["j", "d", "g"], ["d", "further"], Node("Add", ["g", "two"], "further"));
        var outer = Graph(["i", "c", "h"], ["c", "next"],
            WithGraphs("Loop", ["M", "", "h"], ["next"], ("body", inner)));
        var model = Model(2).Integers("M", 500);
        model.Proto.Graph.Node.Add(WithGraphs("Loop", ["M", "", "two"], ["y"], ("body", outer)));
        Assert.Contains("over 5000 nodes", Refusal(model), StringComparison.Ordinal);
    }

    private static string Refusal(TestModel model)
    {
        var bytes = model.Node("Mul", "y x", "z").Output("z").Proto.ToByteArray();
        var limits = ReadingLimits.Default with { Nodes = 5_000, Trips = 1_000 };
        return Assert.Throws<OnnxException>(
            () => OnnxImport.ToGraph<double>(OnnxModel.Parse(bytes, "a model", limits))).Message;
    }

    [Theory]
    [InlineData("empty trips", "'M' has the shape [0]")]
    [InlineData("empty condition", "'cond' has the shape [0]")]
    [InlineData("outputs", "its branch has 2 outputs")]
    public void What_does_not_fit_is_named(string what, string said)
    {
        var model = Model(2).Integers("none").Integers("true", [], 1);
        var loop = Graph(["i", "c", "h"], ["c", "next"], Node("Identity", ["h"], "next"));
        var branch = Graph([], ["s", "t"], Node("Neg", ["x"], "s"), Node("Neg", ["x"], "t"));
        model.Proto.Graph.Node.Add(what switch
        {
            "empty trips" => WithGraphs("Loop", ["none", "", "x"], ["y"], ("body", loop)),
            "empty condition" => WithGraphs("Loop", ["true", "none", "x"], ["y"], ("body", loop)),
            _ => WithGraphs("If", ["true"], ["y"], ("then_branch", branch), ("else_branch", branch)),
        });
        Assert.Contains(said, Assert.Throws<OnnxException>(
            () => OnnxImport.ToGraph<double>(model.Output("y").Model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void Scan_goes_along_its_axis(int backwards, int outputBackwards)
    {
        // s += column, and s stacked along axis 1: sums up to each column.
        var body = Graph(["s", "column"], ["next", "out"], Node("Add", ["s", "column"], "next"),
            Node("Identity", ["next"], "out"));
        var model = Model(2).Floats("start", [2], 0, 0);
        model.Proto.Graph.Initializer[^1].DataType = (int)OnnxElementType.Double;
        model.Proto.Graph.Initializer[^1].DoubleData.AddRange([0, 0]);
        model.Proto.Graph.Initializer[^1].FloatData.Clear();
        var scan = WithGraphs("Scan", ["start", "x"], ["last", "y"], ("body", body));
        scan.Attribute.Add([Ints("num_scan_inputs", 1), Ints("scan_input_axes", [1]),
            Ints("scan_input_directions", [backwards]), Ints("scan_output_axes", [1]),
            Ints("scan_output_directions", [outputBackwards])]);
        model.Proto.Graph.Node.Add(scan);
        var expected = new double[6];
        for (var row = 0; row < 2; row++)
        {
            double sum = 0;
            for (var trip = 0; trip < 3; trip++)
            {
                sum += X.Span[(row * 3) + (backwards == 1 ? 2 - trip : trip)];
                expected[(row * 3) + (outputBackwards == 1 ? 2 - trip : trip)] = sum;
            }
        }
        Assert.Equal(expected, Predict(OnnxImport.ToGraph<double>(model.Output("y").Model), X));
    }

    [Fact]
    public void Functions_are_inlined_with_their_attributes()
    {
        // Scaled(a; by = 3) = Celu(a * a; alpha = by), and a function of that.
        var scaled = new FunctionProto { Name = "Scaled", Domain = "mine", Input = { "a" }, Output = { "b" } };
        scaled.Attribute.Add("by");
        scaled.Node.Add([Node("Mul", ["a", "a"], "h"), Node("Celu", ["h"], "b")]);
        scaled.Node[1].Attribute.Add(new AttributeProto
        {
            Name = "alpha",
            RefAttrName = "by",
            Type = AttributeProto.Types.AttributeType.Float,
        });
        var twice = new FunctionProto { Name = "Twice", Domain = "mine", Input = { "a" }, Output = { "b", "a" } };
        twice.Node.Add([Node("Scaled", ["a"], "h"), Node("Scaled", ["h"], "b")]);
        foreach (var node in twice.Node) node.Domain = "mine";
        var model = Model(2);
        model.Proto.Functions.Add([scaled, twice]);
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "mine", Version = 1 });
        model.Node("Neg", "x", "h").Node("Twice", ["h"], ["f", "same"]).Node("Add", "f same", "y").Output("y");
        model.Proto.Graph.Node[1].Domain = "mine";
        Assert.Equal(X.Span.ToArray().Select(e => (e * e * e * e) - e),
            Predict(OnnxImport.ToGraph<double>(model.Model), X));
    }

    [Fact]
    public void Nodes_may_stand_in_any_order()
    {
        var model = Model(2).Node("Neg", "x", "a").Node("Mul", "a two", "b").Node("Abs", "b", "c").Output("c");
        var sorted = Predict(OnnxImport.ToGraph<double>(model.Model), X);
        var nodes = model.Proto.Graph.Node.ToList();
        foreach (var order in (int[][])[[2, 1, 0], [1, 2, 0], [0, 2, 1], [2, 0, 1]])
        {
            model.Proto.Graph.Node.Clear();
            model.Proto.Graph.Node.Add(order.Select(i => nodes[i]));
            Assert.Equal(sorted, Predict(OnnxImport.ToGraph<double>(model.Model), X));
        }
    }

    private static double[] Predict(ImportedModel<double> imported, Tensor<double> x) =>
        Forward.Predict(imported.Graph, _ => x).Span.ToArray();

    private static TestModel Model(int rows)
    {
        var model = new TestModel().Input("x", OnnxElementType.Double, rows, 3);
        model.Proto.Graph.Initializer.Add(new TensorProto
        {
            Name = "two",
            DataType = (int)OnnxElementType.Double,
            DoubleData = { 2 }
        });
        return model;
    }

    private static NodeProto Node(string type, string[] inputs, string output, params (string, int)[] attributes)
    {
        var node = new NodeProto { OpType = type, Input = { inputs }, Output = { output } };
        foreach (var (name, value) in attributes) node.Attribute.Add(Ints(name, value));
        return node;
    }

    private static AttributeProto Ints(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    private static AttributeProto Ints(string name, long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    private static GraphProto Graph(string[] inputs, string[] outputs, params NodeProto[] nodes) => new()
    {
        Input = { inputs.Select(name => new ValueInfoProto { Name = name }) },
        Output = { outputs.Select(name => new ValueInfoProto { Name = name }) },
        Node = { nodes },
    };

    private static NodeProto WithGraphs(
        string type, string[] inputs, string[] outputs, params (string Name, GraphProto Graph)[] graphs) => new()
        {
            OpType = type,
            Input = { inputs },
            Output = { outputs },
            Attribute =
            {
                graphs.Select(g => new AttributeProto
                {
                    Name = g.Name,
                    G = g.Graph,
                    Type = AttributeProto.Types.AttributeType.Graph
                }),
            },
        };
}
