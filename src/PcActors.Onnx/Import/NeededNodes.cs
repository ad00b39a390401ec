using PcActors.Functions;
using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import;

/// <summary>The part of a graph that leads to some of its outputs, and what its values are used for.</summary>
internal sealed class NeededNodes
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _source;

    /// <summary>The part that leads to one output.</summary>
    /// <param name="nodes">The graph's nodes, sorted.</param>
    /// <param name="output">The output.</param>
    /// <param name="source">The model's file, for messages.</param>
    public NeededNodes(IReadOnlyList<VersionedNode> nodes, string output, string source) =>
        (_source, Nodes) = (source, Add(nodes, [output]));

    /// <summary>The nodes, in order.</summary>
    public IReadOnlyList<VersionedNode> Nodes { get; }

    /// <summary>Whether one of the nodes reads a value, or it is an output.</summary>
    public bool IsRead(string value) => value.Length > 0 && _read.Contains(value);

    /// <summary>Adds what leads to outputs of a graph inside a node.</summary>
    /// <param name="nodes">That graph's nodes, sorted.</param>
    /// <param name="outputs">The outputs.</param>
    /// <returns>Those of the nodes that are needed, in order.</returns>
    public IReadOnlyList<VersionedNode> Add(IReadOnlyList<VersionedNode> nodes, IEnumerable<string> outputs)
    {
        _read.UnionWith(outputs);
        var needed = new List<VersionedNode>();
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Proto.Output.Any(IsRead)) continue;
            needed.Add(node);
            _read.UnionWith(VersionedNode.ReadBy(node.Proto));
        }
        needed.Reverse();
        return needed;
    }

    /// <summary>The values that only set operators up: settings, and whatever a value that has to be
    /// constant is computed from, unless they take part in the output besides.</summary>
    /// <param name="output">The output.</param>
    /// <param name="inputs">The names of the graph's inputs: what depends on them sets nothing up.</param>
    public HashSet<string> Settings(string output, IEnumerable<string> inputs)
    {
        var (settings, values) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>([output]));
        Trace([.. Nodes.Select(n => n.Proto)], new HashSet<string>(inputs, StringComparer.Ordinal), settings, values);
        settings.ExceptWith(values);
        return settings;
    }

    /// <summary>Goes back from what is a setting or a value to what it is computed from.</summary>
    /// <param name="nodes">A graph's nodes, sorted.</param>
    /// <param name="varying">What depends on data; the nodes' outputs are added.</param>
    /// <param name="settings">What sets operators up; added to.</param>
    /// <param name="values">What takes part in the output; added to.</param>
    private void Trace(IReadOnlyList<NodeProto> nodes, HashSet<string> varying, HashSet<string> settings,
        HashSet<string> values)
    {
        foreach (var node in nodes)
        {
            if (!HasShapeOnly(node) && VersionedNode.ReadBy(node).Any(varying.Contains))
                varying.UnionWith(node.Output);
        }
        foreach (var node in nodes.Reverse())
        {
            // A shape is known, whatever the values are.
            if (HasShapeOnly(node)) continue;
            var (sets, counts) = (node.Output.Any(settings.Contains), node.Output.Any(values.Contains));
            for (var i = 0; i < node.Input.Count; i++)
            {
                var (name, kind) = (node.Input[i], OnnxOperators.Input(node.OpType, i).Kind);
                if (kind == InputKind.Type) continue;
                var isSetting = kind == InputKind.Attribute || (kind == InputKind.Setting && !varying.Contains(name));
                if (isSetting || sets) settings.Add(name);
                if (!isSetting && counts) values.Add(name);
            }
            foreach (var body in VersionedNode.GraphsOf(node))
            {
                var outputs = body.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
                var (set, taken) = counts ? (new HashSet<string>(StringComparer.Ordinal), outputs) : (outputs, []);
                var nodesOfBody = Sorting.Sort([.. body.Node.Select(n => new VersionedNode(n, 0))], _source);
                Trace(
                    [.. nodesOfBody.Select(n => n.Proto)], [.. varying, .. body.Input.Select(i => i.Name)], set, taken);
                foreach (var name in VersionedNode.Captured(body))
                {
                    if (set.Contains(name)) settings.Add(name);
                    if (taken.Contains(name)) values.Add(name);
                }
            }
        }
    }

    private static bool HasShapeOnly(NodeProto node) => node.OpType is "Shape" or "Size";
}
