using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Onnx.Export;
using PcActors.Onnx.Schema;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Mutation: models with one thing wrong, which the message has to name.</summary>
public class OnnxRefusals
{
    private static readonly Dictionary<string, (Action<TestModel> Damage, string[] Named)> Damages = new()
    {
        ["no IR version"] = (m => m.Proto.ClearIrVersion(), ["no ONNX model"]),
        ["an old IR version"] = (m => m.Proto.IrVersion = 2, ["IR version is 2", "3 and newer"]),
        ["a new IR version"] = (m => m.Proto.IrVersion = 99, []),
        ["no graph"] = (m => m.Proto.Graph = null, ["no ONNX model", "graph"]),
        ["no opset"] = (m => m.Proto.OpsetImport.Clear(), ["opset"]),
        ["an old opset"] = (m => Old(m).Node("Relu", "x", "unread"), ["opset", "5", "28"]),
        ["an old opset that means the same"] = (m => Old(m), []),
        ["an opset before the first"] = (m => m.Proto.OpsetImport[0].Version = 0, ["opset", "0", "28"]),
        ["a new opset"] = (m => m.Proto.OpsetImport[0].Version = 99, []),
        ["another domain alone"] = (m => m.Proto.OpsetImport[0].Domain = "ai.onnx.ml", ["'ai.onnx.ml'"]),
        ["a function that nobody calls"] = (m => m.Proto.Functions.Add(new FunctionProto { Name = "mine" }), []),
        ["a function twice"] = (m => m.Proto.Functions.Add([new FunctionProto { Name = "mine" },
            new FunctionProto { Name = "mine" }]), ["'mine'"]),
        ["a function that calls itself"] = (m =>
        {
            var function = new FunctionProto { Name = "MatMul", Input = { "a", "b" }, Output = { "c" } };
            function.Node.Add(new NodeProto { OpType = "MatMul", Input = { "a", "b" }, Output = { "c" } });
            m.Proto.Functions.Add(function);
        }, ["'MatMul'", "calls itself"]),
        ["a function of fewer inputs"] = (m => m.Proto.Functions.Add(new FunctionProto { Name = "MatMul" }),
            ["'product'", "2 inputs"]),
        ["a sparse initializer"] = (m =>
            m.Proto.Graph.SparseInitializer.Add(new SparseTensorProto { Values = new TensorProto { Name = "s" } }),
            ["'s'", "sparse"]),
        ["no output"] = (m => m.Proto.Graph.Output.Clear(), ["no output"]),
        ["an output from nowhere"] = (m => m.Output("z"), ["'z'"]),
        ["an initializer twice"] = (m => m.Floats("w", [1], 1), ["two initializers", "'w'"]),
        ["an input twice"] = (m => m.Input("x", 1), ["two inputs", "'x'"]),
        ["an initializer without a name"] = (m => m.Floats("", [1], 1), ["no name"]),
        ["a value twice"] = (m => m.Node("Relu", "x", "y"), ["'y'", "Relu"]),
        ["a value from nowhere"] = (m => m.Node("Relu", "nothing", "z"), ["'nothing'", "'z' (Relu)"]),
        ["a circle"] = (m => m.Proto.Graph.Node.Add([
            new NodeProto { OpType = "Relu", Name = "one", Input = { "a" }, Output = { "b" } },
            new NodeProto { OpType = "Relu", Name = "other", Input = { "b" }, Output = { "a" } }]),
            ["'one'", "'other'", "own output"]),
        ["a node that reads itself"] = (m => m.Node("Relu", "z", "z"), ["'z' (Relu)", "own output"]),
        ["a node without operator"] = (m => m.Proto.Graph.Node[0].OpType = "", ["no operator"]),
        ["an unknown operator"] = (m => m.Proto.Graph.Node[0].OpType = "Frobnicate",
            ["'Frobnicate'", "'product'", "docs/operators.md"]),
        ["a misspelt operator"] = (m => m.Proto.Graph.Node[0].OpType = "Matmul2", ["'Matmul2'", "similar", "MatMul"]),
        ["an operator of another domain"] = (m => m.Proto.Graph.Node[0].Domain = "com.microsoft",
            ["'com.microsoft'", "'product'"]),
        ["an unknown attribute"] = (m => m.Proto.Graph.Node[0].Attribute.Add(AttributeWriter.Write("", "fast", 1L)),
            ["'fast'", "'product'"]),
        ["an output that its operator has not"] = (m =>
        {
            m.Proto.Graph.Node.Add(new NodeProto
            {
                OpType = "Constant",
                Output = { "c", "d" },
                Attribute = { AttributeWriter.Write("", "value_float", 1.0) },
            });
            m.Node("Add", "y d", "z").Proto.Graph.Output[0].Name = "z";
        }, ["'d', read by", "no such output"]),
        ["a mask without axes"] = (m =>
        {
            m.Proto.OpsetImport[0].Version = 23;
            m.Floats("mask", [], 0).Floats("q", [1, 1, 2, 4], new float[8]);
            m.Node("Attention", "q q q mask", "a").Node("ReduceSum", "a", "s").Node("Add", "y s", "z");
            m.Proto.Graph.Output[0].Name = "z";
        }, ["'a' (Attention)", "attn_mask has the shape []"]),
        ["a loop whose output has no name"] = (m =>
        {
            var body = new GraphProto { Name = "body" };
            foreach (var name in (string[])["i", "c", "h"]) body.Input.Add(new ValueInfoProto { Name = name });
            foreach (var name in (string[])["c", ""]) body.Output.Add(new ValueInfoProto { Name = name });
            m.Integers("trips", [], 2).Integers("go", [], 1);
            var loop = new NodeProto { OpType = "Loop", Input = { "trips", "", "y" }, Output = { "z" } };
            loop.Attribute.Add(new AttributeProto
            {
                Name = "body",
                Type = AttributeProto.Types.AttributeType.Graph,
                G = body,
            });
            m.Proto.Graph.Node.Add(loop);
            m.Proto.Graph.Output[0].Name = "z";
        }, ["'z' (Loop)", "is not made"]),
        ["a misfit"] = (m => m.Proto.Graph.Node[0].Input.Add("w"), ["'product'"]),
        ["no inputs"] = (m => m.Proto.Graph.Node[0].Input.Clear(), ["'product'"]),
        ["negative dimensions"] = (m => Weight(m).Dims[0] = -3, ["'w'", "negative"]),
        ["enormous dimensions"] = (m => Weight(m).Dims.Add([1L << 40, 1L << 40]), ["'w'", "2^31 - 1"]),
        ["too few elements"] = (m => Weight(m).FloatData.RemoveAt(0), ["'w'", "5 elements", "need 6"]),
        ["too many elements"] = (m => Weight(m).FloatData.Add(1), ["'w'", "7 elements"]),
        ["elements of another type"] = (m => Weight(m).DataType = (int)OnnxElementType.Double, ["'w'", "double_data"]),
        ["too few raw bytes"] = (m => Weight(m).RawData = ByteString.CopyFrom(new byte[23]), ["'w'", "23 bytes", "24"]),
        ["strings"] = (m => Weight(m).DataType = 8, ["'w'", "string"]),
        ["an unknown type"] = (m => Weight(m).DataType = 1234, ["'w'", "1234"]),
        ["a wide element"] = (m => m.Proto.Graph.Initializer.Add(
            new TensorProto
            {
                Name = "narrow",
                DataType = (int)OnnxElementType.Int8,
                Dims = { 1 },
                Int32Data = { 300 }
            }), []),
        ["an input of strings"] = (m => m.Proto.Graph.Input[0].Type.TensorType.ElemType = 8, ["'x'", "type"]),
        ["an input that is no tensor"] = (m => m.Proto.Graph.Input[0].Type.TensorType = null, ["'x'"]),
        ["an input without shape"] = (m => m.Proto.Graph.Input[0].Type.TensorType.Shape = null, ["'x'", "shape"]),
        ["an input of negative extent"] = (m => m.Proto.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = -7,
            ["'x'", "-7"]),
        ["a graph where none belongs"] = (m => m.Proto.Graph.Node[0].Attribute.Add(new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeProto.Types.AttributeType.Graph,
            G = new GraphProto(),
        }), ["'product'", "then_branch"]),
        ["an output that depends on nothing"] = (m => m.Integers("i", 1).Proto.Graph.Output[0].Name = "i", ["'i'"]),
        ["an output that is an input"] = (m => m.Proto.Graph.Output[0].Name = "x", ["'x'", "leaf"]),
        ["external data without a folder"] = (m => Weight(m).DataLocation = TensorProto.Types.DataLocation.External,
            ["'w'", "location"]),
    };

    public static TheoryData<string> Names => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrong_is_named(string name)
    {
        Assert.NotNull(OnnxImport.ToGraph<float>(Good().Model));
        var test = Good();
        var (damage, named) = Damages[name];
        damage(test);
        if (named.Length == 0)
        {
            // What is not needed is not read.
            Assert.NotNull(OnnxImport.ToGraph<float>(test.Model));
            return;
        }
        var message = Assert.Throws<OnnxException>(
            () => OnnxImport.ToGraph<float>(OnnxModel.Parse(test.Bytes, "bad.onnx"))).Message;
        Assert.StartsWith("bad.onnx: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        foreach (var part in named) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in (string[])[folder.Path, folder.PathOf("missing.onnx"), folder.Write("empty.onnx"),
            folder.Write("a.txt", "this is a text\n"), folder.Write("b", 1, 2, 3)])
            Assert.StartsWith(path, Assert.Throws<OnnxException>(() => OnnxModel.Load(path)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_nested_without_end_is_refused()
    {
        byte[] bytes = [];
        // A graph in an attribute of a node of a graph, and so on.
        for (var depth = 0; depth < 60; depth++) bytes = Field(1, Field(5, Field(6, bytes)));
        Assert.Throws<OnnxException>(() => OnnxModel.Parse(Field(7, bytes)));
    }

    private static TestModel Old(TestModel model)
    {
        model.Proto.OpsetImport[0].Version = 5;
        return model;
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }
        return memory.ToArray();
    }

    private static TestModel Good()
    {
        var test = new TestModel().Input("x", 2, 3).Floats("w", [3, 2], 1, 2, 3, 4, 5, 6).Node("MatMul", "x w", "y")
            .Output("y", 2, 2);
        test.Proto.Graph.Node[0].Name = "product";
        return test;
    }

    private static TensorProto Weight(TestModel test) => test.Proto.Graph.Initializer[0];
}
