using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>A node, and the version of ONNX's operators that it is of: a function may have one of its own.</summary>
/// <param name="Proto">The node.</param>
/// <param name="Opset">The version.</param>
internal sealed record VersionedNode(NodeProto Proto, long Opset)
{
    /// <summary>What messages call a node: by its name, or by its first output when it has none.</summary>
    public static string NameOf(NodeProto node) => node.Name.Length > 0
        ? $"the node '{node.Name}' ({node.OpType})"
        : $"the node of '{node.Output.FirstOrDefault()}' ({node.OpType})";

    /// <summary>The graphs that a node's attributes hold: the branches of If, the bodies of Loop and Scan.</summary>
    public static IEnumerable<GraphProto> GraphsOf(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Prepend(a.G));

    /// <summary>Every name that a node reads: its inputs, and what the graphs that it holds read from
    /// outside themselves. Empty where an input is left out.</summary>
    public static IEnumerable<string> ReadBy(NodeProto node) => node.Input.Concat(GraphsOf(node).SelectMany(Captured));

    /// <summary>The names that a graph inside a node reads and does not define.</summary>
    public static IEnumerable<string> Captured(GraphProto graph)
    {
        var defined = Defined(graph);
        return graph.Node.SelectMany(ReadBy).Concat(graph.Output.Select(o => o.Name))
            .Where(name => name.Length > 0 && !defined.Contains(name)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The names that a graph defines: inputs, initializers and what its nodes write.</summary>
    public static HashSet<string> Defined(GraphProto graph) =>
        [.. graph.Input.Select(i => i.Name), .. graph.Initializer.Select(t => t.Name),
            .. graph.Node.SelectMany(n => n.Output)];
}
