using PcActors.Onnx.Schema;
using PcActors.Tests.Functions;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Fuzzing;

/// <summary>Small model files to be changed: one of every operator's configurations, of everything that is composed of
/// others, of graphs inside nodes and of functions, and what PyTorch has exported.</summary>
internal static class OnnxSeeds
{
    private const int Largest = 8000;

    private static readonly string[] Folders = ["Onnx", "Exported", "Cases"];

    public static IReadOnlyList<byte[]> All { get; } =
        [.. Operators, .. ExpansionCase.All.Select(c => c.Build(c.Extents).Bytes), .. Files, .. Bodies];

    private static IEnumerable<byte[]> Operators =>
        FunctionCases.All.Select(c => OperatorModels.Of<float>(c, hasData: true)).OfType<byte[]>();

    private static IEnumerable<byte[]> Files =>
        Folders.SelectMany(folder => Directory.GetFiles(
                Path.Combine(AppContext.BaseDirectory, "Goldens", folder), "*.onnx", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Where(path => !path.Contains("lstm_last", StringComparison.Ordinal))
            .Select(File.ReadAllBytes).Where(bytes => bytes.Length <= Largest);

    private static IEnumerable<byte[]> Bodies
    {
        get
        {
            foreach (var (type, attribute) in new[] { ("Loop", "body"), ("Scan", "body"), ("If", "then_branch") })
                yield return WithBody(type, attribute);
            yield return Recurrent("LSTM", 4);
            yield return Recurrent("GRU", 3);
            yield return Recurrent("RNN", 1);
            yield return Functions();
        }
    }

    private static byte[] WithBody(string type, string attribute)
    {
        var model = new TestModel().Input("x", 2, 3).Floats("two", [], 2).Integers("trips", [], 3);
        var body = new GraphProto { Name = "body" };
        string[] inputs = type switch { "Loop" => ["i", "c", "h"], "Scan" => ["h", "row"], _ => [] };
        string[] outputs = type switch { "Loop" => ["c", "next", "all"], "Scan" => ["next", "all"], _ => ["next"] };
        foreach (var name in inputs) body.Input.Add(new ValueInfoProto { Name = name });
        foreach (var name in outputs) body.Output.Add(new ValueInfoProto { Name = name });
        body.Node.Add(new NodeProto
        {
            OpType = "Mul",
            Input = { type == "If" ? "x" : "h", "two" },
            Output = { "next" },
        });
        if (outputs.Contains("all"))
            body.Node.Add(new NodeProto { OpType = "Identity", Input = { "next" }, Output = { "all" } });
        model.Proto.Graph.Node.Add(type switch
        {
            "Loop" => new NodeProto { OpType = type, Input = { "trips", "", "x" }, Output = { "last", "y" } },
            "Scan" => new NodeProto { OpType = type, Input = { "two", "x" }, Output = { "last", "y" } },
            _ => new NodeProto { OpType = type, Input = { "trips" }, Output = { "y" } },
        });
        var node = model.Proto.Graph.Node[^1];
        node.Attribute.Add(Graph(attribute, body));
        if (type == "If") node.Attribute.Add(Graph("else_branch", body.Clone()));
        if (type == "Scan")
            node.Attribute.Add(new AttributeProto
            {
                Name = "num_scan_inputs",
                Type = AttributeProto.Types.AttributeType.Int,
                I = 1,
            });
        return model.Node("Identity", "y", "z").Output("z").Bytes;
    }

    private static byte[] Recurrent(string type, int gates) => new TestModel(14).Input("x", 3, 2, 2)
        .Floats("w", [1, gates * 2, 2], [.. Enumerable.Range(0, gates * 4).Select(i => i / 9f)])
        .Floats("r", [1, gates * 2, 2], [.. Enumerable.Range(0, gates * 4).Select(i => i / 7f)])
        .Node(type, ["x", "w", "r"], ["y"], ("hidden_size", 2)).Output("y").Bytes;

    /// <summary>A function that calls another.</summary>
    private static byte[] Functions()
    {
        var model = new TestModel().Input("x", 2, 3).Floats("w", [3], 1, 2, 3);
        foreach (var (name, inner, domain) in new[] { ("Outer", "Inner", "own"), ("Inner", "Mul", "") })
        {
            var function = new FunctionProto { Name = name, Domain = "own", Input = { "a", "b" }, Output = { "c" } };
            function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
            function.Node.Add(
                new NodeProto { OpType = inner, Domain = domain, Input = { "a", "b" }, Output = { "m" } });
            function.Node.Add(new NodeProto { OpType = "Relu", Input = { "m" }, Output = { "c" } });
            model.Proto.Functions.Add(function);
        }
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Proto.Graph.Node.Add(
            new NodeProto { OpType = "Outer", Domain = "own", Input = { "x", "w" }, Output = { "y" } });
        return model.Output("y").Bytes;
    }

    private static AttributeProto Graph(string name, GraphProto body) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = body };
}
