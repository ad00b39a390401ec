using System.Globalization;
using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx;

/// <summary>A model that has been checked.</summary>
/// <param name="Initializers">Its initializers, in its order.</param>
/// <param name="Nodes">Its nodes, sorted, with its own functions inlined.</param>
/// <param name="Notice">What its reader should know of its versions; null when there is nothing.</param>
internal sealed record CheckedModel(
    IReadOnlyList<OnnxTensor> Initializers, IReadOnlyList<VersionedNode> Nodes, string? Notice);

/// <summary>Checks a model as a whole: that it is one, its versions, its names, its initializers.</summary>
internal static class ModelCheck
{
    private const long OldestIr = 3;
    private const long NewestIr = 14;
    private const long OldestOpset = 6;

    // Operators that were before the oldest opset what they are in it.
    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Constant", "Flatten", "Gather", "GlobalAveragePool", "GlobalMaxPool", "Identity", "LRN", "LogSoftmax",
        "MatMul", "Not", "Shape",
        "Size", "Softmax", "Softplus", "Softsign", "Squeeze", "Transpose", "Unsqueeze",
    };

    /// <summary>Whether a domain is that of ONNX's own operators.</summary>
    public static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";

    /// <summary>The version of ONNX's own operators; null when the model does not say.</summary>
    public static long? DefaultOpset(ModelProto model) =>
        model.OpsetImport.Where(o => IsDefaultDomain(o.Domain)).Select(o => (long?)o.Version).FirstOrDefault();

    /// <summary>Checks the model.</summary>
    /// <exception cref="OnnxException">It is no model, or not one that is read.</exception>
    public static CheckedModel Check(ModelProto model, ModelFile file)
    {
        var source = file.Source;
        if (!model.HasIrVersion || model.Graph is null)
            throw new OnnxException(source,
                $"this is no ONNX model: it has no {(model.HasIrVersion ? "graph" : "IR version")}");
        var opset = CheckVersions(model, source);
        var graph = model.Graph;
        if (graph.SparseInitializer.Count > 0)
            throw new OnnxException(source, $"the initializer '{graph.SparseInitializer[0].Values?.Name}' is sparse",
                "initializers must be dense");
        if (graph.Output.Count == 0) throw new OnnxException(source, "the graph has no output");
        var names = new TakenNames(VersionedNode.Defined(graph), file);
        var nodes = new FunctionInlining(model, file, names.Numbered).Inline(graph.Node, opset);
        CheckNames(graph, nodes, source);
        foreach (var input in graph.Input) CheckDimensions(input, source);
        return new CheckedModel(
            [
                .. graph.Initializer.Select(
                    t => OnnxTensor.Stored(StoredTensor.Check(t, $"the initializer '{t.Name}'", file), source))],
            Sorting.Sort(nodes, source), NoticeOf(model, opset));
    }

    private static long CheckVersions(ModelProto model, string source)
    {
        if (model.IrVersion < OldestIr)
            throw new OnnxException(source, Text($"the IR version is {model.IrVersion}"),
                Text($"{OldestIr} and newer ones are read"));
        var opset = DefaultOpset(model) ?? throw (model.OpsetImport.Count == 0
            ? new OnnxException(source, "the model does not say which version of ONNX's operators (opset) it uses",
                "it may be cut short")
            : new OnnxException(source, $"the model uses operators of the domain '{model.OpsetImport[0].Domain}'",
                "ONNX's own operators are supported"));
        if (opset < OldestOpset && !(opset > 0 && model.Graph.Node.All(n => Unchanged.Contains(n.OpType))))
            throw new OnnxException(source, Text($"the version of its operators (opset) is {opset}"),
                Text($"{OldestOpset} to {Operator.NewestOpset} are known, and newer ones are tried"));
        return opset;
    }

    private static string? NoticeOf(ModelProto model, long opset)
    {
        var newer = new List<string>();
        if (model.IrVersion > NewestIr) newer.Add(Text($"its IR version is {model.IrVersion} ({NewestIr} is known)"));
        if (opset > Operator.NewestOpset)
            newer.Add(Text($"its operators are of opset {opset} ({Operator.NewestOpset} is known)"));
        return newer.Count == 0 ? null
            : $"the model is newer than this program: {string.Join(" and ", newer)}; it is read as if it were of the " +
              "newest version that is known";
    }

    /// <summary>Every value has one name, and one place where it is defined.</summary>
    private static void CheckNames(GraphProto graph, IReadOnlyList<VersionedNode> nodes, string source)
    {
        var initializers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer)
        {
            if (string.IsNullOrWhiteSpace(tensor.Name)) throw new OnnxException(source, "an initializer has no name");
            if (!initializers.Add(tensor.Name))
                throw new OnnxException(source, $"two initializers are named '{tensor.Name}'");
        }
        var defined = new HashSet<string>(initializers, StringComparer.Ordinal);
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in graph.Input)
        {
            if (string.IsNullOrWhiteSpace(input.Name)) throw new OnnxException(source, "an input has no name");
            if (!inputs.Add(input.Name)) throw new OnnxException(source, $"two inputs are named '{input.Name}'");
            defined.Add(input.Name);
        }
        CheckNodes(nodes.Select(n => n.Proto), defined, source);
        foreach (var output in graph.Output)
        {
            if (!defined.Contains(output.Name))
                throw new OnnxException(source, $"nothing defines the output '{output.Name}'");
        }
    }

    /// <summary>Checks what nodes read and write, in any order.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="defined">What is there besides; the nodes' outputs are added.</param>
    /// <param name="source">The model's file.</param>
    private static void CheckNodes(IEnumerable<NodeProto> nodes, HashSet<string> defined, string source)
    {
        var all = nodes.ToList();
        foreach (var node in all)
        {
            var name = VersionedNode.NameOf(node);
            if (node.OpType.Length == 0) throw new OnnxException(source, $"{name} has no operator");
            foreach (var output in node.Output)
            {
                if (output.Length > 0 && !defined.Add(output))
                    throw new OnnxException(source, $"{name} writes '{output}', which is there already",
                        "every value has one source");
            }
            foreach (var body in VersionedNode.GraphsOf(node)) CheckBody(node, body, source);
        }
        foreach (var node in all)
        {
            foreach (var input in VersionedNode.ReadBy(node))
            {
                if (input.Length > 0 && !defined.Contains(input))
                    throw new OnnxException(source, $"{VersionedNode.NameOf(node)} reads '{input}'",
                        "no input, initializer or node has that name");
            }
        }
    }

    /// <summary>Inside a node's graph a value has one source, too; what it reads from outside is the node's.</summary>
    private static void CheckBody(NodeProto node, GraphProto body, string source)
    {
        var outside = VersionedNode.Captured(body).ToHashSet(StringComparer.Ordinal);
        foreach (var name in body.Input.Select(i => i.Name).Concat(body.Initializer.Select(t => t.Name)))
        {
            if (!outside.Add(name))
                throw new OnnxException(source, $"in the graph of {VersionedNode.NameOf(node)} there are two '{name}'",
                    "every value has one source");
        }
        CheckNodes(body.Node, outside, source);
    }

    private static void CheckDimensions(ValueInfoProto input, string source)
    {
        foreach (var dimension in input.Type?.TensorType?.Shape?.Dim ?? [])
        {
            if (dimension.DimValue is < -1 or > int.MaxValue)
                throw new OnnxException(source,
                    Text($"the input '{input.Name}' has a dimension of {dimension.DimValue}"),
                    "0 to 2^31 - 1 are possible");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
