using System.Numerics;

namespace PcActors.Graphs;

/// <summary>What reaches each vertex of a graph, from the edges alone: data, movement and errors.</summary>
internal sealed class GraphFlows
{
    private readonly Dictionary<int, RunningStatistic> _running;

    private GraphFlows(int count, Dictionary<int, RunningStatistic> running)
    {
        _running = running;
        (DependsOnData, Moves, RequiresError) = (new bool[count], new bool[count], new bool[count]);
        (Infers, Learns) = (new bool[count], new bool[count]);
    }

    /// <summary>Whether the value differs between micro-batches.</summary>
    public bool[] DependsOnData { get; }

    /// <summary>Whether inference changes the value.</summary>
    public bool[] Moves { get; }

    /// <summary>Whether an error has to reach the vertex.</summary>
    public bool[] RequiresError { get; }

    /// <summary>Whether errors pass through it to a latent or free vertex, or it is one.</summary>
    public bool[] Infers { get; }

    /// <summary>Whether errors pass through it to a trainable parameter, or it is one.</summary>
    public bool[] Learns { get; }

    /// <summary>What moves a running statistic, or an identity that one is read through; null elsewhere.</summary>
    public RunningStatistic? Running(int vertex) => _running.TryGetValue(vertex, out var running) ? running : null;

    /// <summary>Whether something can travel back along an edge: an error, which comes through no index and no
    /// condition, or to a running statistic what moves it.</summary>
    public bool IsDifferentiable<T>(IReadOnlyList<Vertex<T>> vertices, Edge edge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        vertices[edge.To].Function!.IsDifferentiable(edge.Slot)
            || (Running(edge.From) is not null && vertices[edge.To].Function!.RunningMomentum(edge.Slot) is not null);

    /// <summary>The flows of a graph.</summary>
    public static GraphFlows Of<T>(
        IReadOnlyList<Vertex<T>> vertices, EdgeGroups inputs, EdgeGroups consumers, int root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = vertices.Count;
        var flows = new GraphFlows(count, RunningStatistic.Of(vertices, inputs, consumers));
        var changes = new bool[count];
        var hasCycles = Enumerable.Range(0, count).Any(id => consumers.Any(id, e => e.IsRecurrent));

        // Forward: what a value depends on, and whether there is something behind it that an error changes.
        Repeat(hasCycles, () =>
        {
            var isNew = false;
            foreach (var vertex in vertices)
            {
                var (id, holds) = (vertex.Id, vertex.IsLatent || vertex.IsFree);
                isNew |= Set(flows.DependsOnData, id, vertex.Kind == VertexKind.Data
                    || inputs.Any(id, e => flows.DependsOnData[e.From]));
                isNew |= Set(flows.Moves, id, holds || inputs.Any(id, e => flows.Moves[e.From]));
                isNew |= Set(changes, id, holds || Learns(vertex)
                    || inputs.Any(id, e => changes[e.From] && flows.IsDifferentiable(vertices, e)));
            }
            return isNew;
        });

        // Back: errors begin at the root and at latent vertices.
        Repeat(hasCycles, () =>
        {
            var isNew = false;
            for (var id = count - 1; id >= 0; id--)
            {
                isNew |= Set(flows.RequiresError, id, changes[id] && (id == root || vertices[id].IsLatent
                    || consumers.Any(id, e => flows.RequiresError[e.To] && flows.IsDifferentiable(vertices, e))));
            }
            return isNew;
        });

        // Forward again, through direct vertices: whom an error that comes to a vertex is for.
        Repeat(hasCycles, () =>
        {
            var isNew = false;
            foreach (var vertex in vertices)
            {
                var id = vertex.Id;
                if (!flows.RequiresError[id]) continue;
                var passes = vertex.Kind == VertexKind.Function && !vertex.IsLatent;
                isNew |= Set(flows.Infers, id,
                    vertex.IsLatent || vertex.IsFree || (passes && Passes(flows.Infers, id)));
                isNew |= Set(flows.Learns, id, Learns(vertex) || (passes && Passes(flows.Learns, id)));
            }
            return isNew;
        });
        return flows;

        bool Passes(bool[] flow, int id) => inputs.Any(id,
            e => flow[e.From] && flows.RequiresError[e.From] && flows.IsDifferentiable(vertices, e));

        bool Learns(Vertex<T> vertex) => vertex.Kind == VertexKind.Parameter
            && (vertex.Trainable || flows.Running(vertex.Id) is not null);
    }

    private static bool Set(bool[] flow, int id, bool value)
    {
        if (!value || flow[id]) return false;
        return flow[id] = true;
    }

    /// <summary>Once through the vertices is enough without cycles; with them, until nothing is new.</summary>
    private static void Repeat(bool hasCycles, Func<bool> pass)
    {
        while (pass() && hasCycles)
        {
        }
    }
}
