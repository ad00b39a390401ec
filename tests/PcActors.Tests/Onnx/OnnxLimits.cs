using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Tests.Onnx;

/// <summary>Mutation: small model files that would make very much of themselves are refused at once, and what is too
/// much is named.</summary>
public class OnnxLimits
{
    private static readonly ReadingLimits Limits =
        new(Nodes: 100_000, Trips: 1000, Elements: 1 << 20, Work: 1 << 26, Letters: 1 << 24);

    private static readonly Dictionary<string, (Func<TestModel> Model, string[] Named)> Files = new()
    {
        ["functions of functions of nothing"] = (Functions, ["functions inlined", "100000 nodes"]),
        ["a recurrent operator of very many steps"] = (() => new TestModel(14).Input("x", 1 << 20, 1, 1)
            .Floats("w", [1, 1, 1], 1).Floats("r", [1, 1, 1], 1)
            .Node("RNN", ["x", "w", "r"], ["y"], ("hidden_size", 1)).Output("y"),
            ["'y' (RNN)", "1048576 steps", "1000"]),
        ["a state of very many numbers"] = (() => new TestModel(14).Input("x", 1, 1 << 30, 1)
            .Floats("w", [1, 1, 1], 1).Floats("r", [1, 1, 1], 1)
            .Node("RNN", ["x", "w", "r"], ["y"], ("hidden_size", 1)).Output("y"), ["'y' (RNN)", "elements together"]),
        ["a mask of very many numbers"] = (() => new TestModel().Input("x", 1 << 30)
            .Node("Dropout", ["x"], ["y", "mask"]).Node("Cast", "mask", "z", ("to", 1)).Output("z"),
            ["'mask'", "elements together"]),
        ["constants that together are too many"] = (Constants, ["'c2'", "elements together"]),
        ["a constant of very much work"] = (() => new TestModel().Input("x", 1).Integers("square", 1 << 9, 1 << 9)
            .Node("ConstantOfShape", "square", "a").Node("ConstantOfShape", "square", "b")
            .Node("MatMul", "a b", "c").Node("Add", "x c", "y").Output("y"), ["'c'", "operations"]),
        ["boxes without end"] = (() => new TestModel().Input("x", 1).Integers("boxesShape", 1, 1 << 14, 4)
            .Integers("scoresShape", 1, 1, 1 << 14).Integers("most", 1 << 14)
            .Node("ConstantOfShape", "boxesShape", "boxes").Node("ConstantOfShape", "scoresShape", "scores")
            .Node("NonMaxSuppression", "boxes scores most", "z").Node("Cast", "z", "f", ("to", 1))
            .Node("ReduceSum", "f", "g").Node("Add", "x g", "y").Output("y"),
            ["NonMaxSuppression", "operations"]),
        ["loops in loops of nothing"] = (Loops, ["unrolled", "100000 nodes"]),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_too_much_is_refused(string name)
    {
        var (model, named) = Files[name];
        var bytes = model().Bytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<OnnxException>(() =>
            OnnxImport.ToGraph<float>(OnnxModel.Parse(bytes, "big.onnx", Limits))).Message;
        // A node of a function or a loop takes some kilobytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 29);
        foreach (var part in named) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_functions_without_end_are_refused_by_the_limits_of_every_file() => Assert.Contains(
        "1000000 nodes", Assert.Throws<OnnxException>(() => Functions().Model).Message, StringComparison.Ordinal);

    [Fact]
    public void A_message_whose_length_is_near_the_largest_is_refused()
    {
        // An operator set that promises so many bytes, and one with an unknown field in it that does.
        byte[] model = new TestModel().Input("x", 1).Node("Relu", "x", "y").Output("y").Bytes;
        for (var less = 0; less < 128; less++)
        {
            byte[] length = [(byte)(0xFF - less), 0xFF, 0xFF, 0xFF, 0x07];
            byte[][] ends = [[0x42, .. length, 0x0A, 0x00, 0x10], [0x42, 0x08, 0x7A, .. length, 0x0A]];
            foreach (var end in ends)
            {
                Assert.Contains("damaged or cut short",
                    Assert.Throws<OnnxException>(() => OnnxModel.Parse([.. model, .. end], "cut.onnx")).Message,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Computed_whole_numbers_take_little_more_than_their_elements()
    {
        const int Elements = 100_000;
        var bytes = new TestModel().Input("x", 1).Integers("shape", Elements).Integers("one", 1)
            .Node("ConstantOfShape", "shape", "zeros").Node("Cast", "zeros", "whole", ("to", 7))
            .Node("Add", "whole one", "ones").Node("Cast", "ones", "floats", ("to", 1))
            .Node("ReduceSum", "floats", "sum").Node("Add", "x sum", "y").Output("y").Bytes;
        OnnxImport.ToGraph<float>(OnnxModel.Parse(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        OnnxImport.ToGraph<float>(OnnxModel.Parse(bytes));
        // Four constants, of two doubles and a float an element at most.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 20 * Elements + (1 << 20));
    }

    [Fact]
    public void A_tensor_of_very_many_axes_is_refused()
    {
        // Strides are kept on the stack.
        var ones = Enumerable.Repeat(1L, 1 << 17).ToArray();
        var model = new TestModel().Input("x", 1).Floats("w", ones, 1).Node("Add", "x w", "y").Output("y");
        Assert.Contains("'w' has 131072 dimensions",
            Assert.Throws<OnnxException>(() => model.Model).Message, StringComparison.Ordinal);
        model = new TestModel().Input("x", 1).Integers("shape", ones).Node("Reshape", "x shape", "y").Output("y");
        Assert.Contains("131072 axes",
            Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model.Model)).Message,
            StringComparison.Ordinal);
        object?[] axes = [.. ones.Select(one => (int)one)];
        model = new TestModel().Input("x", axes).Node("Relu", "x", "y").Output("y");
        Assert.Contains("131072 axes",
            Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model.Model)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_all_alike_cost_no_more_than_others()
    {
        // With a name sought from the first one on for each, a minute.
        var model = new TestModel().Input("x", 1);
        var function = new FunctionProto { Name = "Twice", Domain = "own", Input = { "a" }, Output = { "c" } };
        function.Node.Add(new NodeProto { OpType = "Neg", Input = { "a" }, Output = { "b" } });
        function.Node.Add(new NodeProto { OpType = "Neg", Input = { "b" }, Output = { "c" } });
        model.Proto.Functions.Add(function);
        const int Calls = 30_000;
        for (var i = 0; i < Calls; i++)
        {
            model.Proto.Graph.Node.Add(new NodeProto
            {
                OpType = "Twice",
                Domain = "own",
                Name = "same",
                Input = { i == 0 ? "x" : $"h{i}" },
                Output = { $"h{i + 1}" },
            });
        }
        model.Output($"h{Calls}");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal((2 * Calls) + 1, OnnxImport.ToGraph<float>(model.Model, new OnnxImportOptions { Rewrite = [] })
            .Graph.Vertices.Count);
        // In chains of as many functions as the buffers of the cache hold.
        Assert.Equal((2 * Calls / 60) + 1, OnnxImport.ToGraph<float>(model.Model).Graph.Vertices.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("Transpose", 100_000)]
    [InlineData("Concat", 20_000)]
    public void A_range_behind_very_many_nodes_that_move_elements_is_read(string operatorType, int count)
    {
        var model = new TestModel().Input("x", 2, 2).Integers("from", 0).Integers("to", 1).Integers("axis", 0);
        for (var i = 0; i < count; i++)
        {
            var h = i == 0 ? "x" : $"h{i}";
            if (operatorType == "Concat") model.Node("Concat", [h, "x"], [$"h{i + 1}"], ("axis", 1));
            else model.Node("Transpose", h, $"h{i + 1}");
        }
        model.Node("Slice", $"h{count} from to axis", "y").Output("y");
        Assert.Equal(1, OnnxImport.ToGraph<float>(model.Model).Graph.Root.Shape[0]);
    }

    [Fact]
    public void A_Constant_of_two_values_is_refused() => Assert.Contains("value_float, value_int",
        Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(new TestModel().Input("x", 1)
            .Node("Constant", [], ["c"], ("value_float", 1.0), ("value_int", 1)).Node("Add", "x c", "y").Output("y")
            .Model)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_of_any_length_makes_a_message_that_can_be_read()
    {
        var name = new string('n', 100_000);
        var model = new TestModel().Input("x", 1).Node("Relu", name, "y").Output("y");
        var message = Assert.Throws<OnnxException>(() => model.Model).Message;
        Assert.InRange(message.Length, 100, 1000);
        Assert.Contains("nnn...nnn", message, StringComparison.Ordinal);
    }

    /// <summary>f0 calls f1 twice, f1 calls f2 twice, and so on; the last is empty.</summary>
    private static TestModel Functions()
    {
        var model = new TestModel().Input("x", 1);
        for (var depth = 0; depth < 40; depth++)
        {
            var function = new FunctionProto { Name = $"f{depth}", Domain = "own" };
            for (var call = 0; call < (depth == 39 ? 0 : 2); call++)
                function.Node.Add(new NodeProto { OpType = $"f{depth + 1}", Domain = "own" });
            model.Proto.Functions.Add(function);
        }
        model.Proto.Graph.Node.Add(new NodeProto { OpType = "f0", Domain = "own" });
        return model.Node("Relu", "x", "y").Output("y");
    }

    private static TestModel Constants()
    {
        var model = new TestModel().Input("x", 1).Integers("shape", 1 << 19);
        for (var i = 0; i < 4; i++) model.Node("ConstantOfShape", "shape", $"c{i}");
        return model.Node("Concat", ["c0", "c1", "c2", "c3"], ["c"], ("axis", 0)).Node("Add", "x c", "y").Output("y");
    }

    /// <summary>A loop of the most trips in a loop of the most trips, and nothing in them.</summary>
    private static TestModel Loops()
    {
        var model = new TestModel().Input("x", 1).Integers("trips", [], 1000);
        GraphProto body = new() { Name = "inner" };
        foreach (var name in (string[])["i", "c", "h"]) body.Input.Add(new ValueInfoProto { Name = name });
        foreach (var name in (string[])["c", "h"]) body.Output.Add(new ValueInfoProto { Name = name });
        var outer = body.Clone();
        outer.Node.Add(Loop("h", "next", body));
        outer.Output[1].Name = "next";
        model.Proto.Graph.Node.Add(Loop("x", "y", outer));
        return model.Output("y");
    }

    private static NodeProto Loop(string input, string output, GraphProto body) => new()
    {
        OpType = "Loop",
        Input = { "trips", "", input },
        Output = { output },
        Attribute =
        {
            new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body },
        },
    };
}
