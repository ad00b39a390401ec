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
        var order = Sort(
            [.. declarations.Select(d => d.Name)], [.. declarations.Select(d => d.IsLatent)], inputs);
        InferShapes(declarations, inputs, order);
        CheckRoot(declarations, inputs, root);

        var ids = new int[declarations.Count];
        foreach (var (place, index) in order.Index()) ids[index] = place;
        var vertices = new List<Vertex<T>>(declarations.Count);
        var edges = new List<Edge>();
        foreach (var index in order)
        {
            var declaration = declarations[index];
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
                IsLatent = declaration.IsLatent,
                IsFree = declaration.IsFree,
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

    /// <summary>Refuses a cycle that passes through no latent vertex: a value that is held is known, one that is
    /// computed is not.</summary>
    /// <exception cref="GraphException">There is one; the message names its vertices.</exception>
    public static void RequireHeldCycles<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!graph.HasCycles) return;
        var inputs = graph.Vertices
            .Select(v => graph.Inputs(v.Id).Select(e => e.From).Where(id => !graph.Vertices[id].IsLatent).ToArray())
            .ToArray();
        _ = Sort([.. graph.Vertices.Select(v => v.Name)], new bool[inputs.Length], inputs);
    }

    /// <summary>Refuses a graph with a cycle.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="who">What cannot do with one, as a subject: <c>levelling</c>.</param>
    /// <param name="instead">What would do with one.</param>
    /// <exception cref="GraphException">There is one; the message names its vertices.</exception>
    public static void RequireAcyclic<T>(Graph<T> graph, string who, string instead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!graph.HasCycles) return;
        var back = graph.Edges.First(e => e.IsRecurrent);
        // The shortest way from the vertex that the edge leads back to, to the edge's beginning.
        var before = new Dictionary<int, int> { [back.To] = back.To };
        var queue = new Queue<int>([back.To]);
        while (!before.ContainsKey(back.From))
        {
            var id = queue.Dequeue();
            foreach (var edge in graph.Consumers(id))
            {
                if (before.TryAdd(edge.To, id)) queue.Enqueue(edge.To);
            }
        }
        var cycle = new List<int> { back.To };
        for (var id = back.From; id != back.To; id = before[id]) cycle.Insert(0, id);
        cycle.Insert(0, back.To);
        var name = graph.Vertices[back.To].Name;
        throw new GraphException(
            $"{who} takes no graph with a cycle, and there is one through the vertex '{name}': "
            + $"{string.Join(" -> ", cycle.Select(id => graph.Vertices[id].Name))}; {instead}", name);
    }

    /// <summary>Topological order that keeps the order of declaration wherever it can. Where it cannot go on, the first
    /// vertex whose missing inputs are all latent comes next: their edges lead back to it.</summary>
    private static List<int> Sort(string[] names, bool[] isLatent, int[][] inputs)
    {
        var missing = Array.ConvertAll(inputs, i => i.Length);
        var consumers = Consumers(inputs);
        var ready = new PriorityQueue<int, int>();
        for (var index = 0; index < missing.Length; index++)
        {
            if (missing[index] == 0) ready.Enqueue(index, index);
        }
        var isPlaced = new bool[missing.Length];
        var order = new List<int>(missing.Length);
        while (order.Count < missing.Length)
        {
            while (ready.TryDequeue(out var index, out _)) Place(index);
            if (order.Count == missing.Length) break;
            var next = Enumerable.Range(0, missing.Length).Where(CanCloseCycle).DefaultIfEmpty(-1).First();
            if (next < 0) throw Cycle(names, isLatent, inputs, isPlaced);
            Place(next);
        }
        return order;

        bool CanCloseCycle(int index) =>
            !isPlaced[index] && Array.TrueForAll(inputs[index], input => isPlaced[input] || isLatent[input]);

        void Place(int index)
        {
            isPlaced[index] = true;
            order.Add(index);
            foreach (var consumer in consumers[index])
            {
                if (--missing[consumer] == 0 && !isPlaced[consumer]) ready.Enqueue(consumer, consumer);
            }
        }
    }

    /// <summary>Walks back along unresolved inputs that are not latent until a vertex comes round again.</summary>
    private static GraphException Cycle(string[] names, bool[] isLatent, int[][] inputs, bool[] isPlaced)
    {
        var path = new List<int>();
        var index = Array.FindIndex(isPlaced, placed => !placed);
        while (!path.Contains(index))
        {
            path.Add(index);
            index = inputs[index].First(i => !isPlaced[i] && !isLatent[i]);
        }
        var cycle = path.SkipWhile(i => i != index).Append(index).Reverse().Select(i => names[i]);
        return new GraphException(
            $"the graph has a cycle through the vertex '{names[index]}', and no vertex of it is latent: "
            + string.Join(" -> ", cycle), names[index]);
    }

    private static void InferShapes<T>(List<Declaration<T>> declarations, int[][] inputs, List<int> order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var index in order)
        {
            var declaration = declarations[index];
            if (declaration.Kind != VertexKind.Function) continue;
            foreach (var input in inputs[index].Where(i => declarations[i].Shape is null))
            {
                var name = declarations[input].Name;
                throw new GraphException(
                    $"the vertex '{name}' closes a cycle through '{declaration.Name}', so its shape has to be given",
                    name);
            }
            var inferred = declaration.InferShape(Array.ConvertAll(inputs[index], i => declarations[i].Shape!));
            if (declaration.Shape is { } given && !given.Equals(inferred))
                throw new GraphException(
                    $"the vertex '{declaration.Name}' is given the shape {given}; its inputs make it {inferred}",
                    declaration.Name);
            declaration.Shape = inferred;
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
        if (declarations[rootIndex].IsLatent)
            throw new GraphException($"the root '{root}' cannot be latent: its value is the target", root);
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
