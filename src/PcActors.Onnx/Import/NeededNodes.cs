using PcActors.Functions;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import;

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

    /// <summary>The values that must not learn: settings of operators, and whatever a value that
    /// has to be constant is computed from.</summary>
    public HashSet<string> Settings()
    {
        var settings = new HashSet<string>(StringComparer.Ordinal);
        var constants = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in Nodes.Reverse())
        {
            // A shape is known, whatever the values are.
            var all = node.OpType is not ("Shape" or "Size") && node.Output.Any(constants.Contains);
            for (var i = 0; i < node.Input.Count; i++)
            {
                var kind = OnnxOperators.Input(node.OpType, i).Kind;
                if (all || kind == InputKind.Attribute) constants.Add(node.Input[i]);
                else if (kind == InputKind.Setting) settings.Add(node.Input[i]);
            }
        }
        settings.UnionWith(constants);
        return settings;
    }
}
