using System.Diagnostics.CodeAnalysis;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Models;
using PcActors.Tensors;
using PcActors.Tests.Graphs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster.Placing;

/// <summary>What holds for the placement of any graph on any nodes.</summary>
public sealed class PlacementProperties
{
    private const ulong RandomGraphs = 20;
    private const ulong MoreGraphs = 80;

    private static readonly double[] Scales = [3, 1e-300];

    // Each is placed once, for all that is looked at.
    private static readonly Lazy<IReadOnlyList<PlacementTrial>> Trials =
        new(() => [.. Networks(), .. Random(0, RandomGraphs)]);

    [Fact]
    public void Every_vertex_has_one_node_and_every_node_a_vertex() => Each(HasNodes);

    private static void HasNodes(PlacementTrial trial)
    {
        var plan = trial.Plan;
        Assert.Equal(trial.Graph.Vertices.Count, plan.Places.Count);
        Assert.Equal(Enumerable.Range(0, trial.Weights.Length), plan.Places.Distinct().Order());
        Assert.Equal(plan.Places.CountBy(p => p).OrderBy(c => c.Key).Select(c => c.Value),
            plan.Nodes.Select(n => n.Vertices));
    }

    [Fact]
    public void It_is_never_worse_than_contiguous_levels_nor_beyond_the_bound() => Each(KeepsTheBound);

    private static void KeepsTheBound(PlacementTrial trial)
    {
        var plan = trial.Plan;
        Assert.True(trial.Objective(plan.Places) <= trial.Objective(trial.ContiguousLevels) * 1.000001);
        Assert.True(
            trial.Imbalance(plan.Places)
                <= Math.Max(Placement.Tolerance, trial.Imbalance(trial.ContiguousLevels)) * 1.000001);
    }

    [Fact]
    public void The_same_graph_and_weights_give_the_same_placement() => Each(IsRepeated);

    private static void IsRepeated(PlacementTrial trial)
    {
        var again = new PlacementTrial(trial.Graph, [.. trial.Weights], trial.Options.MicroBatches,
            trial.Options.Clock);
        Assert.Equal(trial.Plan.Places,
            Placement.Of(again.Graph, again.Options, again.Weights).Places);
    }

    [Fact]
    public void Only_the_ratios_of_the_weights_matter() => Each(HeedsRatios);

    private static void HeedsRatios(PlacementTrial trial)
    {
        var places = trial.Plan.Places;
        foreach (var scale in Scales)
            Assert.Equal(places,
                Placement.Of(trial.Graph, trial.Options, [.. trial.Weights.Select(w => w * scale)]).Places);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public void All_of_it_holds_on_more_graphs()
    {
        foreach (var trial in Random(RandomGraphs, MoreGraphs))
        {
            HasNodes(trial);
            KeepsTheBound(trial);
            IsRepeated(trial);
            HeedsRatios(trial);
            KeepsParametersBeside(trial);
        }
    }

    [Fact]
    public void A_stronger_node_has_more_to_do()
    {
        var trial = new PlacementTrial(Levelling.Level(SmallModels.Build<float>("rnn", 8)), [1, 3, 1]);
        var loads = Placement.Of(trial.Graph, trial.Options, trial.Weights).Nodes;
        Assert.Equal([0.2, 0.6, 0.2], loads.Select(n => n.Share));
        Assert.True(loads[1].Operations > 2 * Math.Max(loads[0].Operations, loads[2].Operations));
    }

    [Fact]
    public void A_parameter_is_beside_its_only_consumer() => Each(KeepsParametersBeside);

    private static void KeepsParametersBeside(PlacementTrial trial)
    {
        var plan = trial.Plan;
        if (trial.Graph.Vertices.Count(v => v.Kind == VertexKind.Function) < trial.Weights.Length) return;
        foreach (var leaf in trial.Graph.Parameters)
        {
            if (trial.Graph.Consumers(leaf.Id).Select(e => e.To).Distinct().ToList() is [var only])
                Assert.Equal(plan.Places[only], plan.Places[leaf.Id]);
        }
    }

    [Fact]
    public void More_nodes_than_vertices_or_weights_that_are_none_are_refused()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(
            builder.Data("x", new Shape(2, 3)).MatMul(builder.Parameter("w", new Tensor<float>(new Shape(3, 2)))));
        var options = new PlacementTrial(graph, [1]).Options;
        Assert.Equal([0, 1, 2], Placement.Of(graph, options, [1, 1, 1]).Places.Order());
        foreach (var weights in new double[][] { [], [1, 1, 1, 1], [1, 0], [1, -1], [double.NaN],
            [1, double.PositiveInfinity] })
            Assert.Throws<ArgumentException>(() => Placement.Of(graph, options, weights));
    }

    [Theory]
    [InlineData("transformer", 3)]
    [InlineData("transformer", 4)]
    public void As_many_replicas_as_nodes_are_on_a_node_each(string model, int nodes)
    {
        var graph = Levelling.Level(
            Replication.Replicate(ModelCatalogue.Build<float>(model, new ModelOptions(16, new Shape(64), 10, 7)),
                nodes));
        var trial = new PlacementTrial(graph, [.. Enumerable.Repeat(1.0, nodes)]);
        var places = Placement.Of(graph, trial.Options, trial.Weights).Places;
        var homes = new HashSet<int>();
        for (var replica = 0; replica < nodes; replica++)
        {
            var own = graph.Vertices.Where(
                v => graph.DependsOnData(v.Id) && v.Name.EndsWith($"@{replica}", StringComparison.Ordinal)).ToList();
            var home = own.CountBy(v => places[v.Id]).MaxBy(c => c.Value);
            Assert.True(home.Value >= 0.9 * own.Count,
                $"{home.Value} of the {own.Count} vertices of replica {replica}");
            homes.Add(home.Key);
        }
        Assert.Equal(nodes, homes.Count);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public void A_hundred_thousand_vertices_are_placed_by_the_same_rules()
    {
        // A wide net of single numbers: so many vertices that nothing but contiguous parts
        // and single moves is affordable.
        var builder = new GraphBuilder<float>();
        var graph = Levelling.Level(Refinement.Refine(
            builder.Build(builder.Data("x", new Shape(2, 100)).Dense("hidden", 320).Tanh("tanh").Dense("out", 60)),
            Granularity.Scalar));
        Assert.InRange(graph.Vertices.Count, 100_000, 120_000);
        var trial = new PlacementTrial(graph, [2, 1, 1, 1]);
        var plan = Placement.Of(graph, trial.Options, trial.Weights);
        var levels = trial.ContiguousLevels;
        Assert.True(trial.Objective(plan.Places) < 0.7 * trial.Objective(levels));
        Assert.InRange(plan.Imbalance, 1, Math.Max(Placement.Tolerance, trial.Imbalance(levels)) * 1.000001);
    }

    private static void Each([NotNull] Action<PlacementTrial> check)
    {
        foreach (var trial in Trials.Value) check(trial);
    }

    private static IEnumerable<PlacementTrial> Networks()
    {
        foreach (var model in new[] { "mlp", "rnn", "residual", "transformer" })
        {
            var graph = Levelling.Level(SmallModels.Build<float>(model, 4));
            foreach (var nodes in new[] { 1, 2, 5 })
                yield return new PlacementTrial(graph, WeightsOf(nodes, (ulong)nodes), 1 + (nodes % 3));
        }
    }

    private static IEnumerable<PlacementTrial> Random(ulong first, ulong end)
    {
        for (var seed = first; seed < end; seed++)
        {
            var graph = RandomGraph<float>.Create(seed);
            if (seed % 2 == 0) graph = Levelling.Level(graph);
            var nodes = 1 + (int)(seed % (ulong)Math.Min(graph.Vertices.Count, 7));
            var clock = seed % 3 == 0 ? Clock.Lockstep : Clock.Wavefront;
            yield return new PlacementTrial(graph, WeightsOf(nodes, seed), 1, clock);
        }
    }

    private static double[] WeightsOf(int nodes, ulong seed)
    {
        var random = new SeededRandom(seed, "weights");
        return [.. Enumerable.Range(0, nodes).Select(_ => seed % 2 == 0 ? 1.0 : 1.0 + random.NextInt(4))];
    }
}
