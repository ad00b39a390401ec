using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Cluster.Placing;

/// <summary>Small graphs, all placements with leaves beside their only consumers tried: how far from the best
/// one a placement is.</summary>
public sealed class PlacementAgainstBruteForce
{
    [Theory]
    [Trait("Suite", "Long")]
    [InlineData(2, 14)]
    [InlineData(3, 9)]
    public void The_objective_is_little_above_the_least_that_there_is(int nodes, int largest)
    {
        var (trials, best, sum) = (0, 0, 0.0);
        for (var seed = 0UL; trials < 40; seed++)
        {
            var graph = RandomGraph<float>.Create(seed);
            if (graph.Vertices.Count > largest || graph.Vertices.Count(v => v.Kind == VertexKind.Function) < nodes)
                continue;
            trials++;
            var trial = new PlacementTrial(graph,
                seed % 2 == 0
                    ? [.. Enumerable.Repeat(1.0, nodes)]
                    : [.. Enumerable.Range(1, nodes).Select(n => (double)n)]);
            var found = Placement.Of(graph, trial.Options, trial.Weights).Places;
            var limit = Math.Max(Placement.Tolerance, trial.Imbalance(trial.ContiguousLevels));
            var least = Least(trial, nodes, limit);
            var ratio = trial.Objective(found) / least;
            Assert.InRange(ratio, 0.999999, double.PositiveInfinity);
            if (ratio < 1.000001) best++;
            sum += ratio;
        }
        Assert.True(sum / trials < 1.15 && best > trials * 2 / 3,
            $"{best} of {trials} are the best, and the average is {sum / trials:0.000} times it");
    }

    private static double Least(PlacementTrial trial, int nodes, double limit)
    {
        // Leaves with one consumer are beside it.
        var graph = trial.Graph;
        var owner = Array.ConvertAll(
            [.. graph.Vertices],
            (Vertex<float> v) =>
                v.Kind != VertexKind.Function
                    && graph.Consumers(v.Id).Select(e => e.To).Distinct().ToList() is [var only] ? only : v.Id);
        var free = Enumerable.Range(0, owner.Length).Where(id => owner[id] == id).ToArray();
        var (choices, places) = (new int[free.Length], new int[owner.Length]);
        var least = double.PositiveInfinity;
        do
        {
            for (var i = 0; i < free.Length; i++) places[free[i]] = choices[i];
            for (var id = 0; id < owner.Length; id++) places[id] = places[owner[id]];
            if (trial.Cut(places) < least && places.Distinct().Count() == nodes
                && trial.Imbalance(places) <= limit * 1.000001) least = Math.Min(least, trial.Objective(places));
        }
        while (Next(choices, nodes));
        return least;
    }

    /// <summary>Counts in the base of the number of nodes; false when all have been.</summary>
    private static bool Next(int[] places, int nodes)
    {
        for (var i = 0; i < places.Length; i++)
        {
            if (++places[i] < nodes) return true;
            places[i] = 0;
        }
        return false;
    }
}
