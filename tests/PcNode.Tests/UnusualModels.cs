using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: files that people have instead of a model that can be used end with 2 and one line, which says
/// what was found, where, and what would be right.</summary>
public sealed class UnusualModels
{
    private static readonly Dictionary<string, (Func<TestModel> Model, string[] Named)> Models = new()
    {
        ["an operator that is not there"] = (() => Linear().Node("TfIdfVectorizer", "h", "y"),
            ["'y' (TfIdfVectorizer)", "not supported", "docs/operators.md"]),
        ["an operator's name in small letters"] = (() => Linear().Node("gelu", "h", "y"), ["'gelu'", "Gelu"]),
        ["an operator of Microsoft's"] = (() => Domain(Linear().Node("FastGelu", "h", "y"), "com.microsoft"),
            ["'y' (FastGelu)", "'com.microsoft'", "ONNX's own"]),
        ["an operator of PyTorch's"] = (() => Domain(Linear().Node("ATen", "h", "y"), "org.pytorch.aten"),
            ["(ATen)", "'org.pytorch.aten'"]),
        ["an equation that does not fit"] = (() => Model().Node("Einsum", "x W", "y", ("equation", "ij,jk->iq")),
            ["'y' (Einsum)", "q"]),
        ["a shape that does not fit"] = (() => Linear().Integers("s", 7, -1, 5).Node("Reshape", "h s", "y"),
            ["'y' (Reshape)", "[7, -1, 5]"]),
        ["a product that does not fit"] = (() => Model(5).Node("MatMul", "x W", "y"), ["'y' (MatMul)", "[5, 3]"]),
        ["a condition that depends on data"] = (() => Conditional("If"), ["(If)", "depends on data"]),
        ["trips that depend on data"] = (() => Conditional("Loop"), ["(Loop)", "depends on data"]),
        ["a sequence that is the output"] = (() => Linear().Node("SequenceConstruct", "h h", "y"), ["'y'", "sequence"]),
        ["an input of texts"] = (() => Typed(8), ["'x'", "string"]),
        ["an input of complex numbers"] = (() => Typed(14), ["'x'", "complex64"]),
        ["an input of 8-bit floats"] = (() => Typed(17), ["'x'", "Float8E4M3FN"]),
        ["a dimension without a name"] = (() => new TestModel().Input("x", null, null, 4)
            .Floats("W", [4, 3], new float[12]).Node("MatMul", "x W", "y"), ["'x'"]),
        ["an old version"] = (() => Versioned(3), ["opset", "3", "6 to"]),
        ["a normalisation without statistics"] = (() => Linear().Node("BatchNormalization", "h W", "y"),
            ["(BatchNormalization)", "input"]),
        ["a convolution of another rank"] = (() => Model().Floats("K", [4, 3, 3, 3], new float[108])
            .Node("Conv", "x K", "y"), ["(Conv)", "[5, 4]", "spatial axes"]),
        ["an attribute of another kind"] = (() => Model().Node("Gemm", "x W", "y", ("transA", 0.5)),
            ["(Gemm)", "transA", "a number with a fraction", "a whole number"]),
        ["an attribute that is not there"] = (() => Model().Node("Gemm", "x W", "y", ("beat", 1)), ["(Gemm)", "beat"]),
        ["an index beyond"] = (() => Linear().Integers("i", 0, 1, 9).Node("Gather", "h i", "y", ("axis", 1)),
            ["Gather", "index 9", "[5, 3]"]),
        ["a weight that is not there"] = (() => Model().Node("MatMul", "x V", "y"), ["'y' (MatMul)", "'V'"]),
        ["a prediction that no error reaches"] = (() => Linear().Node("ArgMax", "h", "y", ("axis", 1),
            ("keepdims", 0)),
            ["no parameter learns", "'W', because no error reaches it"]),
        ["nothing that learns"] = (() => new TestModel().Input("x", "N", 4).Node("Relu", "x", "y"), ["learns"]),
    };

    private static readonly Dictionary<string, (byte[] Bytes, string[] Named)> Files = new()
    {
        ["a page"] = ("<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>"u8.ToArray(),
            ["no ONNX model", "web page"]),
        ["a pointer"] = ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1234\n"u8.ToArray(),
            ["no ONNX model", "Git LFS", "git lfs pull"]),
        ["an archive"] = ([0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 1, 2, 3, 4],
            ["no ONNX model", "zip archive", "PyTorch"]),
        ["a pickle"] = ([0x80, 2, 0x7D, 0x71, 0, 0x58, 1, 0, 0, 0, 0x61, 0x2E], ["no ONNX model", "pickle", "PyTorch"]),
        ["an array"] = ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0, 0], ["no ONNX model", ".npy"]),
        ["a compressed file"] = ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], ["no ONNX model", "gzip"]),
        ["HDF5"] = ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0], ["no ONNX model", "HDF5"]),
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    public static TheoryData<string> FileNames => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public async Task A_model_that_cannot_be_used_is_named(string name)
    {
        using var folder = new StepFolder();
        var model = Models[name].Model();
        if (model.Proto.Graph.Output.Count == 0 || model.Proto.Graph.Output.All(o => o.Name != "y"))
            model.Output("y").OutputFirst();
        folder.WriteModel(model);
        folder.Floats("x.npy", [5, 4], new float[20]);
        folder.Floats("y.npy", [5, 3], new float[15]);
        await folder.RefusesAsync(Models[name].Named, folder.Line);
    }

    [Theory]
    [MemberData(nameof(FileNames))]
    public async Task A_file_that_is_no_model_is_named(string name)
    {
        using var folder = new StepFolder();
        File.WriteAllBytes(folder["m.onnx"], Files[name].Bytes);
        foreach (var command in new[] { "inspect", "train", "verify" })
            await Pcnode.RefusesAsync(ExitCode.BadInput, ["m.onnx", .. Files[name].Named], command, folder["m.onnx"]);
    }

    private static TestModel Model(int inputs = 4) =>
        new TestModel().Input("x", "N", 4).Floats("W", [inputs, 3], new float[3 * inputs]);

    private static TestModel Linear() => Model().Node("MatMul", "x W", "h");

    private static TestModel Domain(TestModel model, string domain)
    {
        model.Proto.Graph.Node[^1].Domain = domain;
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        return model;
    }

    private static TestModel Typed(int type)
    {
        var model = Model().Node("MatMul", "x W", "y");
        model.Proto.Graph.Input[0].Type.TensorType.ElemType = type;
        return model;
    }

    private static TestModel Versioned(int opset)
    {
        var model = Model().Node("Add", "x W", "y");
        model.Proto.OpsetImport[0].Version = opset;
        return model;
    }

    private static TestModel Conditional(string type)
    {
        var model = Model().Node("ReduceSum", "x", "sum", ("keepdims", 0)).Node("Cast", "sum", "data", ("to",
            type == "If" ? (int)OnnxElementType.Bool : (int)OnnxElementType.Int64));
        var body = new GraphProto { Name = "body" };
        foreach (var name in type == "Loop" ? (string[])["i", "c", "h"] : [])
            body.Input.Add(new ValueInfoProto { Name = name });
        body.Node.Add(new NodeProto { OpType = "Neg", Input = { "x" }, Output = { "n" } });
        if (type == "Loop") body.Output.Add(new ValueInfoProto { Name = "c" });
        body.Output.Add(new ValueInfoProto { Name = "n" });
        var node = new NodeProto { OpType = type, Input = { "data" }, Output = { "y" } };
        if (type == "Loop") node.Input.Add(["", "x"]);
        foreach (var name in type == "If" ? new[] { "then_branch", "else_branch" } : ["body"])
            node.Attribute.Add(new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Graph,
                G = body,
            });
        model.Proto.Graph.Node.Add(node);
        return model;
    }
}
