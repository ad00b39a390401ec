using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Instruments;

namespace PcActors.Cluster.Placing;

/// <summary>The longest chain of work in a step with one micro-batch: forward to the root, and back from there. No
/// number of nodes makes a step faster than that.</summary>
/// <param name="Operations">Floating-point operations along it.</param>
/// <param name="Vertices">Vertices on it; most are on it twice.</param>
/// <param name="Crossings">Messages on it that go from node to node.</param>
/// <param name="CrossingBytes">Bytes of their tensors.</param>
internal sealed record CriticalPath(double Operations, int Vertices, int Crossings, long CrossingBytes)
{
    internal static CriticalPath Of<T>(Graph<T> graph, RunFigures figures, IReadOnlyList<int> places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = graph.Vertices.Count;
        var (forward, backward) = (new double[count], new double[count]);
        var (cameBy, wentBy) = (new Edge?[count], new Edge?[count]);
        for (var id = 0; id < count; id++)
        {
            foreach (var edge in graph.Inputs(id).Where(e => !e.IsRecurrent))
            {
                if (cameBy[id] is { } known && forward[edge.From] <= forward[known.From]) continue;
                cameBy[id] = edge;
            }
            forward[id] = figures.Work[id].Forward + (cameBy[id] is { } best ? forward[best.From] : 0);
        }
        var end = graph.RootId;
        for (var id = graph.RootId; id >= 0; id--)
        {
            if (!graph.RequiresError(id)) continue;
            foreach (var edge in graph.Consumers(id).Where(e => graph.CarriesError(e) && !e.IsRecurrent))
            {
                if (wentBy[id] is { } known && backward[edge.To] <= backward[known.To]) continue;
                wentBy[id] = edge;
            }
            backward[id] = figures.Work[id].Backward
                + (id == graph.RootId ? forward[id] : backward[wentBy[id]!.Value.To]);
            if (backward[id] > backward[end]) end = id;
        }

        var traffic = graph.Edges.Zip(figures.Traffic).ToDictionary(t => t.First.Number, t => t.Second);
        var (vertices, crossings, bytes) = (new HashSet<int> { graph.RootId }, 0, 0L);
        void Cross(Edge edge, Func<EdgeTraffic, long> size)
        {
            if (places[edge.From] == places[edge.To]) return;
            crossings++;
            bytes += size(traffic[edge.Number]);
        }
        for (var id = end; wentBy[id] is { } edge; id = edge.To)
        {
            vertices.Add(id);
            Cross(edge, t => t.ErrorBytes / t.Errors);
        }
        for (var id = graph.RootId; cameBy[id] is { } edge; id = edge.From)
        {
            vertices.Add(edge.From);
            Cross(edge, t => t.ValueBytes / t.Values);
        }
        return new CriticalPath(Math.Max(backward[end], forward[graph.RootId]), vertices.Count, crossings, bytes);
    }
}
