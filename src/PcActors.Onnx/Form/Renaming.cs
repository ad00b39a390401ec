using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>Nodes under other names of their values.</summary>
internal static class Renaming
{
    /// <summary>A copy of a node in which values have other names.</summary>
    /// <param name="node">The node; it is left as it is.</param>
    /// <param name="nameOf">The new name of each name; empty names stay.</param>
    public static NodeProto Renamed(NodeProto node, Func<string, string> nameOf)
    {
        var copy = node.Clone();
        for (var i = 0; i < copy.Input.Count; i++) copy.Input[i] = Name(copy.Input[i], nameOf);
        for (var i = 0; i < copy.Output.Count; i++) copy.Output[i] = Name(copy.Output[i], nameOf);
        foreach (var graph in VersionedNode.GraphsOf(copy)) RenameCaptured(graph, nameOf);
        return copy;
    }

    /// <summary>A graph inside a node keeps the names that it defines, and reads others by their new ones.</summary>
    private static void RenameCaptured(GraphProto graph, Func<string, string> nameOf)
    {
        var own = VersionedNode.Defined(graph);
        string Outer(string name) => own.Contains(name) ? name : nameOf(name);
        for (var i = 0; i < graph.Node.Count; i++) graph.Node[i] = Renamed(graph.Node[i], Outer);
        foreach (var output in graph.Output) output.Name = Name(output.Name, Outer);
    }

    private static string Name(string name, Func<string, string> nameOf) => name.Length == 0 ? name : nameOf(name);
}
