using System.Globalization;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx;

/// <summary>Checks a model as a whole: that it is one, its versions, its names, its initializers.</summary>
internal static class ModelCheck
{
    private const long OldestIr = 3;
    private const long NewestIr = 11;
    private const long OldestOpset = 6;
    private const long NewestOpset = 21;

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
    /// <returns>Its initializers, in its order.</returns>
    /// <exception cref="OnnxException">It is no model, or not one that is read.</exception>
    public static IReadOnlyList<OnnxTensor> Check(ModelProto model, ModelFile file)
    {
        var source = file.Source;
        if (!model.HasIrVersion || model.Graph is null)
            throw new OnnxException(source,
                $"this is no ONNX model: it has no {(model.HasIrVersion ? "graph" : "IR version")}");
        CheckVersions(model, source);
        if (model.Functions.Count > 0)
            throw new OnnxException(source,
                $"the model defines functions of its own, such as '{model.Functions[0].Name}'",
                "export it with its functions inlined");
        var graph = model.Graph;
        if (graph.SparseInitializer.Count > 0)
            throw new OnnxException(source, $"the initializer '{graph.SparseInitializer[0].Values?.Name}' is sparse",
                "initializers must be dense");
        if (graph.Output.Count == 0) throw new OnnxException(source, "the graph has no output");
        CheckNames(graph, source);
        foreach (var input in graph.Input) CheckDimensions(input, source);
        return [
            .. graph.Initializer.Select(
                t => OnnxTensor.Stored(StoredTensor.Check(t, $"the initializer '{t.Name}'", file), source))];
    }

    private static void CheckVersions(ModelProto model, string source)
    {
        if (model.IrVersion is < OldestIr or > NewestIr)
            throw new OnnxException(source, Text($"the IR version is {model.IrVersion}"),
                Text($"{OldestIr} to {NewestIr} are read"));
        var opset = DefaultOpset(model) ?? throw (model.OpsetImport.Count == 0
            ? new OnnxException(source, "the model does not say which version of ONNX's operators (opset) it uses",
                "it may be cut short")
            : new OnnxException(source, $"the model uses operators of the domain '{model.OpsetImport[0].Domain}'",
                "ONNX's own operators are supported"));
        var isOld = opset < OldestOpset && !(opset > 0 && model.Graph.Node.All(n => Unchanged.Contains(n.OpType)));
        if (isOld || opset > NewestOpset)
            throw new OnnxException(source, Text($"the version of its operators (opset) is {opset}"),
                Text($"{OldestOpset} to {NewestOpset} are read"));
    }

    /// <summary>Every value has one name, and one place where it is defined.</summary>
    private static void CheckNames(GraphProto graph, string source)
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
        foreach (var node in graph.Node)
        {
            var name = NodeName(node);
            if (node.OpType.Length == 0) throw new OnnxException(source, $"{name} has no operator");
            foreach (var input in node.Input)
            {
                if (input.Length > 0 && !defined.Contains(input))
                    throw new OnnxException(source, $"{name} reads '{input}'",
                        "no input, initializer or earlier node has that name");
            }
            foreach (var output in node.Output)
            {
                if (output.Length > 0 && !defined.Add(output))
                    throw new OnnxException(source, $"{name} writes '{output}', which is there already",
                        "every value has one source");
            }
        }
        foreach (var output in graph.Output)
        {
            if (!defined.Contains(output.Name))
                throw new OnnxException(source, $"nothing defines the output '{output.Name}'");
        }
    }

    /// <summary>What messages call a node: by its name, or by its first output when it has none.</summary>
    public static string NodeName(NodeProto node) => node.Name.Length > 0
        ? $"the node '{node.Name}' ({node.OpType})"
        : $"the node of '{node.Output.FirstOrDefault()}' ({node.OpType})";

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
