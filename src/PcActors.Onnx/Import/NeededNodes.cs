using PcActors.Functions;
using PcActors.Onnx.Form;

namespace PcActors.Onnx.Import;

/// <summary>The part of a graph that leads to some of its outputs, and what its values are used for.</summary>
internal sealed class NeededNodes
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The part that leads to one output.</summary>
    /// <param name="nodes">The graph's nodes, sorted.</param>
    /// <param name="output">The output.</param>
    public NeededNodes(IReadOnlyList<VersionedNode> nodes, string output) => Nodes = Add(nodes, [output]);

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
        var varying = new HashSet<string>(inputs, StringComparer.Ordinal);
        foreach (var node in Nodes)
        {
            if (HasShapeOnly(node) || !VersionedNode.ReadBy(node.Proto).Any(varying.Contains)) continue;
            varying.UnionWith(node.Proto.Output);
        }
        var (settings, values) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>([output]));
        foreach (var node in Nodes.Reverse())
        {
            // A shape is known, whatever the values are.
            if (HasShapeOnly(node)) continue;
            var (sets, counts) = (node.Proto.Output.Any(settings.Contains), node.Proto.Output.Any(values.Contains));
            for (var i = 0; i < node.Proto.Input.Count; i++)
            {
                var (name, kind) = (node.Proto.Input[i], OnnxOperators.Input(node.Proto.OpType, i).Kind);
                if (kind == InputKind.Type) continue;
                var isSetting = kind == InputKind.Attribute || (kind == InputKind.Setting && !varying.Contains(name));
                if (isSetting || sets) settings.Add(name);
                if (!isSetting && counts) values.Add(name);
            }
            foreach (var name in VersionedNode.GraphsOf(node.Proto).SelectMany(VersionedNode.Captured))
                (counts ? values : settings).Add(name);
        }
        settings.ExceptWith(values);
        return settings;
    }

    private static bool HasShapeOnly(VersionedNode node) => node.Proto.OpType is "Shape" or "Size";
}
