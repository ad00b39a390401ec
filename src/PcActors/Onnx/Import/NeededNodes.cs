using PcActors.Onnx.Schema;

namespace PcActors.Onnx;

/// <summary>The part of a model that leads to one output.</summary>
internal sealed class NeededNodes
{
    private readonly HashSet<string> _read;

    /// <summary>Finds it.</summary>
    /// <param name="graph">The model's graph, its nodes in topological order.</param>
    /// <param name="output">The output.</param>
    public NeededNodes(GraphProto graph, string output)
    {
        _read = new HashSet<string>(StringComparer.Ordinal) { output };
        var nodes = new List<NodeProto>();
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (!node.Output.Any(IsRead)) continue;
            nodes.Add(node);
            _read.UnionWith(node.Input);
        }
        nodes.Reverse();
        Nodes = nodes;
    }

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>Whether one of the nodes reads a value, or it is the output.</summary>
    public bool IsRead(string value) => value.Length > 0 && _read.Contains(value);

    /// <summary>The values that are only settings of operators somewhere: they must not learn.</summary>
    public HashSet<string> Settings()
    {
        var settings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in Nodes)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (OperatorSlots.Of(node.OpType, i).Kind != SlotKind.Value) settings.Add(node.Input[i]);
            }
        }
        return settings;
    }
}
