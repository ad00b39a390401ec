using PcActors.Cluster;
using PcActors.Cluster.Placing;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;

namespace PcActors.Tests.Cluster.Placing;

/// <summary>A graph that is to be placed, and what a placement of it comes to, worked out anew
/// from loads and traffic.</summary>
internal sealed class PlacementTrial
{
    private readonly RunFigures _figures;
    private PlacementPlan? _plan;

    public PlacementTrial(Graph<float> graph, double[] weights, int microBatches = 1, Clock clock = Clock.Wavefront)
    {
        (Graph, Weights) = (graph, weights);
        Options = new VertexOptions(LearningRule.Zil, clock, Loss.CrossEntropy, new Sgd(0.1), microBatches,
            graph.Depth);
        _figures = RunFigures.Of(graph, Options);
    }

    public Graph<float> Graph { get; }

    public double[] Weights { get; }

    public VertexOptions Options { get; }

    /// <summary>The placement.</summary>
    public PlacementPlan Plan => _plan ??= Placement.Of(Graph, Options, Weights);

    /// <summary>Contiguous levels: what a placement begins with.</summary>
    public IReadOnlyList<int> ContiguousLevels => UnitOrders.Beginnings(
        Graph, UnitGraph.Of(Graph, _figures.Work, _figures.Traffic, Weights.Length), Shares)[0].PlacesOfVertices();

    private double[] Shares => [.. Weights.Select(w => w / Weights.Sum())];

    /// <summary>What passes between nodes, in bytes or what takes as long.</summary>
    public long Cut(IReadOnlyList<int> places)
    {
        var cut = 0L;
        for (var i = 0; i < Graph.Edges.Count; i++)
        {
            if (places[Graph.Edges[i].From] == places[Graph.Edges[i].To]) continue;
            cut += _figures.Traffic[i].Bytes + (UnitGraph.BytesPerMessage * _figures.Traffic[i].Messages);
        }
        return cut;
    }

    /// <summary>What is to be as small as it can be.</summary>
    public double Objective(IReadOnlyList<int> places)
    {
        var stretch = Math.Max(ExpectedSchedule.Of(Graph, Options.MicroBatches, _figures, places, Shares).Stretch,
            Placement.Tolerance);
        return Cut(places) * stretch * stretch;
    }

    /// <summary>The largest load, in parts of what its node should have.</summary>
    public double Imbalance(IReadOnlyList<int> places)
    {
        var loads = new double[Weights.Length];
        for (var id = 0; id < places.Count; id++) loads[places[id]] += _figures.Work[id].Total;
        var (work, weight) = (loads.Sum(), Weights.Sum());
        return loads.Select((load, node) => load / work / (Weights[node] / weight)).Max();
    }
}
