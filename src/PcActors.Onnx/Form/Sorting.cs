using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>Nodes in an order in which each reads only what is there already.</summary>
internal static class Sorting
{
    /// <summary>The nodes in such an order: the file's if that is one, and otherwise as near to it as can be.</summary>
    /// <param name="nodes">The nodes; each value has one writer.</param>
    /// <param name="source">The model's file, for messages.</param>
    /// <exception cref="OnnxException">Nodes read from each other in a circle.</exception>
    public static IReadOnlyList<VersionedNode> Sort(IReadOnlyList<VersionedNode> nodes, string source)
    {
        var writers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var output in nodes[i].Proto.Output) writers.TryAdd(output, i);
        }
        writers.Remove("");
        var awaited = new int[nodes.Count];
        var readers = new List<int>?[nodes.Count];
        var isSorted = true;
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var name in VersionedNode.ReadBy(nodes[i].Proto))
            {
                if (!writers.TryGetValue(name, out var writer)) continue;
                (readers[writer] ??= []).Add(i);
                awaited[i]++;
                isSorted &= writer < i;
            }
        }
        if (isSorted) return nodes;
        var ready = new PriorityQueue<int, int>(
            Enumerable.Range(0, nodes.Count).Where(i => awaited[i] == 0).Select(i => (i, i)));
        var sorted = new List<VersionedNode>(nodes.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            sorted.Add(nodes[node]);
            foreach (var reader in readers[node] ?? [])
            {
                if (--awaited[reader] == 0) ready.Enqueue(reader, reader);
            }
        }
        if (sorted.Count == nodes.Count) return sorted;
        throw Circle(nodes, writers, awaited, source);
    }

    private static OnnxException Circle(
        IReadOnlyList<VersionedNode> nodes, Dictionary<string, int> writers, int[] awaited, string source)
    {
        // Whoever still waits, waits for one that waits: going from each to such a one ends in the circle.
        int Next(int node) => VersionedNode.ReadBy(nodes[node].Proto)
            .Select(name => writers.GetValueOrDefault(name, -1)).First(writer => writer >= 0 && awaited[writer] > 0);
        var (seen, at) = (new HashSet<int>(), Array.FindIndex(awaited, count => count > 0));
        while (seen.Add(at)) at = Next(at);
        var circle = new List<NodeProto> { nodes[at].Proto };
        for (var node = Next(at); node != at && circle.Count < 4; node = Next(node)) circle.Add(nodes[node].Proto);
        return new OnnxException(source,
            $"{VersionedNode.NameOf(circle[0])} reads what is computed from its own output" +
            (circle.Count == 1 ? "" : $", by {string.Join(", ", circle.Skip(1).Select(VersionedNode.NameOf))}"),
            "a model file may have no circle; an experiment file may");
    }
}
