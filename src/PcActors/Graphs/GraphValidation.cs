using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Turns declarations into a graph, or says which vertex stands in the way.</summary>
internal static class GraphValidation
{
    public static Graph<T> Build<T>(List<Declaration<T>> declarations, Dictionary<string, int> indices, string? root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (declarations.Count == 0) throw new GraphException("the graph has no vertices");
        var inputs = Resolve(declarations, indices);
        var order = Sort(declarations, inputs);
        InferShapes(declarations, inputs, order);
        CheckRoot(declarations, inputs, root);

        var ids = new int[declarations.Count];
        var vertices = new List<Vertex<T>>(declarations.Count);
        var edges = new List<Edge>();
        foreach (var index in order)
        {
            var declaration = declarations[index];
            ids[index] = vertices.Count;
            for (var slot = 0; slot < inputs[index].Length; slot++)
                edges.Add(new Edge(edges.Count, ids[inputs[index][slot]], ids[index], slot));
            vertices.Add(new Vertex<T>
            {
                Id = ids[index],
                Name = declaration.Name,
                Kind = declaration.Kind,
                Shape = declaration.Shape!,
                Function = declaration.Function,
                Initial = declaration.Initial,
                Trainable = declaration.Trainable,
                Block = declaration.Block,
            });
        }
        return new Graph<T>(vertices, edges);
    }

    private static int[][] Resolve<T>(List<Declaration<T>> declarations, Dictionary<string, int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. declarations.Select(declaration => Array.ConvertAll(declaration.Inputs, name =>
            indices.TryGetValue(name, out var index)
                ? index
                : throw new GraphException(
                    $"the vertex '{declaration.Name}' has an input '{name}', but no vertex has that name",
                    declaration.Name)))];

    /// <summary>Topological order that keeps the order of declaration wherever it can.</summary>
    private static List<int> Sort<T>(List<Declaration<T>> declarations, int[][] inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var missing = Array.ConvertAll(inputs, i => i.Length);
        var consumers = Consumers(inputs);
        var ready = new PriorityQueue<int, int>();
        for (var index = 0; index < missing.Length; index++)
        {
            if (missing[index] == 0) ready.Enqueue(index, index);
        }
        var order = new List<int>(missing.Length);
        while (ready.TryDequeue(out var index, out _))
        {
            order.Add(index);
            foreach (var consumer in consumers[index])
            {
                if (--missing[consumer] == 0) ready.Enqueue(consumer, consumer);
            }
        }
        return order.Count == missing.Length ? order : throw Cycle(declarations, inputs, missing);
    }

    /// <summary>Walks back along unresolved inputs until a vertex comes round again.</summary>
    private static GraphException Cycle<T>(List<Declaration<T>> declarations, int[][] inputs, int[] missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var path = new List<int>();
        var index = Array.FindIndex(missing, m => m > 0);
        while (!path.Contains(index))
        {
            path.Add(index);
            index = inputs[index].First(i => missing[i] > 0);
        }
        var cycle = path.SkipWhile(i => i != index).Append(index).Reverse().Select(i => declarations[i].Name);
        var name = declarations[index].Name;
        return new GraphException($"the graph has a cycle through the vertex '{name}': {string.Join(" -> ", cycle)}",
            name);
    }

    private static void InferShapes<T>(List<Declaration<T>> declarations, int[][] inputs, List<int> order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var index in order)
        {
            var declaration = declarations[index];
            declaration.Shape ??= declaration.InferShape(Array.ConvertAll(inputs[index], i => declarations[i].Shape!));
        }
    }

    private static void CheckRoot<T>(List<Declaration<T>> declarations, int[][] inputs, string? root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var consumers = Consumers(inputs);
        var sinks = Enumerable.Range(0, declarations.Count).Where(i => consumers[i].Count == 0).ToList();
        if (root is null)
        {
            if (sinks.Count > 1)
            {
                throw new GraphException(
                    $"the graph has {sinks.Count} roots, vertices that nothing reads: " +
                    $"{string.Join(", ", sinks.Take(5).Select(i => $"'{declarations[i].Name}'"))}; it must have one",
                    declarations[sinks[1]].Name);
            }
            root = declarations[sinks[0]].Name;
        }
        var rootIndex = declarations.FindIndex(d => d.Name == root);
        if (consumers[rootIndex].Count > 0)
        {
            var reader = declarations[consumers[rootIndex][0]].Name;
            throw new GraphException($"the vertex '{root}' cannot be the root: '{reader}' reads it", root);
        }
        foreach (var sink in sinks)
        {
            var name = declarations[sink].Name;
            if (name != root)
                throw new GraphException($"the vertex '{name}' does not reach the root '{root}': nothing reads it",
                    name);
        }
        if (declarations[rootIndex].Kind != VertexKind.Function)
            throw new GraphException($"the root '{root}' is a leaf; it must be predicted by a function", root);
    }

    private static List<int>[] Consumers(int[][] inputs)
    {
        var consumers = Array.ConvertAll(inputs, _ => new List<int>(0));
        for (var index = 0; index < inputs.Length; index++)
        {
            foreach (var input in inputs[index]) consumers[input].Add(index);
        }
        return consumers;
    }
}
