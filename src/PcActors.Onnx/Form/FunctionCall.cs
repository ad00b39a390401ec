using System.Globalization;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>One call of a function that the model defines.</summary>
/// <param name="call">The node.</param>
/// <param name="function">The function.</param>
/// <param name="unique">Makes a name that no other value of the model has.</param>
/// <param name="source">The model's file, for messages.</param>
internal sealed class FunctionCall(
    NodeProto call, FunctionProto function, Func<string, string> unique, string source)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The function's nodes with the call's inputs, outputs and attributes.</summary>
    /// <exception cref="OnnxException">The call does not fit the function.</exception>
    public IReadOnlyList<NodeProto> Body()
    {
        if (call.Input.Count > function.Input.Count || call.Output.Count > function.Output.Count)
            throw Error(
                string.Create(CultureInfo.InvariantCulture,
                    $"it has {call.Input.Count} inputs and {call.Output.Count} outputs"),
                string.Create(CultureInfo.InvariantCulture,
                    $"its function has {function.Input.Count} and {function.Output.Count}"));
        for (var i = 0; i < function.Input.Count; i++)
            _names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        var passed = new List<NodeProto>();
        for (var i = 0; i < function.Output.Count; i++)
        {
            var to = i < call.Output.Count ? call.Output[i] : "";
            if (to.Length == 0) continue;
            if (_names.TryAdd(function.Output[i], to)) continue;
            // An output that is an input, or that is there twice.
            passed.Add(new NodeProto { OpType = "Identity", Input = { _names[function.Output[i]] }, Output = { to } });
        }
        return [.. function.Node.Select(n => Resolved(Renaming.Renamed(n, NameOf))), .. passed];
    }

    private string NameOf(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        return _names[name] = unique($"{Prefix}/{name}");
    }

    private string Prefix => call.Name.Length > 0 ? call.Name
        : call.Output.FirstOrDefault(o => o.Length > 0) ?? call.OpType;

    /// <summary>The node, with its references to the function's attributes replaced by what they stand for.</summary>
    private NodeProto Resolved(NodeProto node)
    {
        if (node.Name.Length > 0) node.Name = $"{Prefix}/{node.Name}";
        for (var i = node.Attribute.Count - 1; i >= 0; i--)
        {
            var attribute = node.Attribute[i];
            if (attribute.RefAttrName.Length == 0) continue;
            if (Argument(attribute.RefAttrName) is not { } argument)
            {
                node.Attribute.RemoveAt(i);
                continue;
            }
            node.Attribute[i] = argument.Clone();
            node.Attribute[i].Name = attribute.Name;
        }
        foreach (var graph in VersionedNode.GraphsOf(node))
        {
            for (var i = 0; i < graph.Node.Count; i++) graph.Node[i] = Resolved(graph.Node[i]);
        }
        return node;
    }

    /// <summary>What an attribute of the function is in this call; null when it has no value and no default.</summary>
    private AttributeProto? Argument(string name)
    {
        var given = call.Attribute.FirstOrDefault(a => a.Name == name)
            ?? function.AttributeProto.FirstOrDefault(a => a.Name == name);
        if (given is not null || function.Attribute.Contains(name)) return given;
        throw Error($"its function has no attribute '{name}', which one of its nodes refers to", null);
    }

    private OnnxException Error(string found, string? wanted) =>
        new(source, $"{VersionedNode.NameOf(call)}: {found}", wanted);
}
