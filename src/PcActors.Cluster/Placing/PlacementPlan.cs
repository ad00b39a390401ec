using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Graphs;

namespace PcActors.Cluster.Placing;

/// <summary>Which node holds which vertex, and what that comes to in a training step, before anything runs.</summary>
/// <param name="Places">The node of every vertex, by id, from 0.</param>
/// <param name="Nodes">What each node has.</param>
/// <param name="Cuts">What passes between two nodes, for each pair that exchanges anything;
/// the lower node first.</param>
/// <param name="Path">The longest chain of work.</param>
internal sealed record PlacementPlan(IReadOnlyList<int> Places, IReadOnlyList<NodeLoad> Nodes,
    IReadOnlyList<NodeCut> Cuts, CriticalPath Path)
{
    /// <summary>Messages between vertices of different nodes.</summary>
    public long CutMessages => Cuts.Sum(c => c.Forth.Messages + c.Back.Messages);

    /// <summary>Bytes of their tensors.</summary>
    public long CutBytes => Cuts.Sum(c => c.Forth.Bytes + c.Back.Bytes);

    /// <summary>The largest load, in parts of what its node should have: 1 when everything is balanced.</summary>
    public double Imbalance => Nodes.Max(n => n.RelativeLoad);

    internal static PlacementPlan Of<T>(Graph<T> graph, RunFigures figures, int[] places, double[] shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var total = figures.Work.Sum(w => w.Total);
        var nodes = new NodeLoad[shares.Length];
        var groups = graph.Vertices.ToLookup(v => places[v.Id]);
        for (var node = 0; node < nodes.Length; node++)
        {
            var load = groups[node].Sum(v => figures.Work[v.Id].Total);
            var parameters = groups[node].Where(v => v.Kind == VertexKind.Parameter)
                .Sum(v => (long)v.Shape.Length * Unsafe.SizeOf<T>());
            nodes[node] = new NodeLoad(shares[node], groups[node].Count(), parameters, load,
                load / (total * shares[node]));
        }
        var cuts = new SortedDictionary<(int First, int Second), NodeCut>();
        for (var i = 0; i < figures.Traffic.Length; i++)
        {
            var (from, to, traffic) = (places[graph.Edges[i].From], places[graph.Edges[i].To], figures.Traffic[i]);
            if (from == to) continue;
            var (values, errors) = (new CutTraffic(traffic.Values, traffic.ValueBytes),
                new CutTraffic(traffic.Errors, traffic.ErrorBytes));
            var pair = (Math.Min(from, to), Math.Max(from, to));
            var cut = cuts.GetValueOrDefault(pair) ?? new NodeCut(pair.Item1, pair.Item2, default, default);
            cuts[pair] = from < to
                ? cut with { Forth = cut.Forth + values, Back = cut.Back + errors }
                : cut with { Forth = cut.Forth + errors, Back = cut.Back + values };
        }
        return new PlacementPlan(places, nodes, [.. cuts.Values], CriticalPath.Of(graph, figures, places));
    }
}

/// <summary>What a node has.</summary>
/// <param name="Share">The part of all work that it should have.</param>
/// <param name="Vertices">Its vertices.</param>
/// <param name="ParameterBytes">Bytes of its parameters' values.</param>
/// <param name="Operations">Its work in a training step, in floating-point operations or what takes as long.</param>
/// <param name="RelativeLoad">Its work in parts of what it should have.</param>
internal sealed record NodeLoad(double Share, int Vertices, long ParameterBytes, double Operations,
    double RelativeLoad);

/// <summary>What passes between two nodes in a training step.</summary>
/// <param name="First">A node.</param>
/// <param name="Second">A node with a higher number.</param>
/// <param name="Forth">From the first to the second.</param>
/// <param name="Back">From the second to the first.</param>
internal sealed record NodeCut(int First, int Second, CutTraffic Forth, CutTraffic Back);

/// <summary>Messages between vertices.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">Bytes of their tensors.</param>
internal readonly record struct CutTraffic(long Messages, long Bytes)
{
    /// <summary>Both together.</summary>
    public static CutTraffic operator +(CutTraffic a, CutTraffic b) => new(a.Messages + b.Messages, a.Bytes + b.Bytes);
}
