using PcActors.Cluster;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>Under every rule, with every choice of latent vertices and with cycles, weights
/// and free energies are the same bits on any number of nodes, and after a run has stopped and gone on.</summary>
public sealed class CodingBits
{
    private const int Steps = 3;

    private static readonly string[] Rules = ["il", "ipc", "epc", "pc-alm", "langevin"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task On_nodes_as_in_one_process(int nodes) => OnNodesAsync(nodes, i => i % 3 == nodes - 1);

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task On_any_number_of_nodes_as_in_one_process(int nodes) => OnNodesAsync(nodes, _ => true);

    private static async Task OnNodesAsync(int nodes, Func<int, bool> takes)
    {
        await using var cluster = await LocalCluster.StartAsync(nodes);
        var where = new OnNodes(cluster.Coordinator) { Nodes = nodes, SnapshotEvery = 2 };
        foreach (var (_, (graph, options)) in Cases().Index().Where(c => takes(c.Index)))
        {
            var expected = await RunAsync(graph, options, Steps);
            Assert.Equal(expected, await RunAsync(graph, options with { Where = where }, Steps));
            Assert.Equal(expected[^1], (await RunAsync(graph, options, Steps, stopAt: 2))[^1]);
        }
    }

    [Fact]
    public async Task On_random_graphs_a_run_that_stops_goes_on_with_the_same_bits()
    {
        for (var seed = 0UL; seed < 20; seed++) await StopsAndGoesOnAsync(seed, seed % 5);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task So_it_does_on_200_under_every_rule(ulong rule)
    {
        for (var seed = 0UL; seed < 200; seed++) await StopsAndGoesOnAsync(seed, rule);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task On_200_random_graphs_nodes_have_the_bits_of_one_process()
    {
        for (var nodes = 1; nodes <= 3; nodes++)
        {
            await using var cluster = await LocalCluster.StartAsync(nodes);
            var where = new OnNodes(cluster.Coordinator) { Nodes = nodes, SnapshotEvery = 2 };
            var compared = 0;
            for (var seed = (ulong)nodes; compared < 67; seed += 3)
            {
                var (graph, options) = Draw(seed, seed / 3 % 5);
                // Nodes know no operator of a test's own.
                if (graph.Vertices.Count < nodes || graph.Vertices.Any(v => v.Function is Gate<float>)) continue;
                compared++;
                Assert.Equal(await RunAsync(graph, options, Steps),
                    await RunAsync(graph, options with { Where = where }, Steps));
            }
        }
    }

    private static async Task StopsAndGoesOnAsync(ulong seed, ulong rule)
    {
        var (graph, options) = Draw(seed, rule);
        var expected = await RunAsync(graph, options, Steps);
        Assert.Equal(expected, await RunAsync(graph, options, Steps, stopAt: 1 + (int)(seed % 2)));
    }

    private static (Graph<float> Graph, NetworkOptions Options) Draw(ulong seed, ulong rule)
    {
        var options = new NetworkOptions
        {
            Rule = Catalogues.Rules.Find(Rules[rule]).Create(
                ("inferenceSteps", 1 + (int)(seed % 4)), ("inferenceRate", 1e-5)),
            Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
            Optimizer = new Adam(0.01),
            MicroBatches = 1 + (int)(seed % 2),
            Sweeps = 1 + (int)(seed / 3 % 3),
            Latents = seed % 3 == 2 ? null : seed % 3 == 0 ? Latents.Every : Latents.Activations,
            Seed = seed,
        };
        return (seed % 3 == 2 ? CyclicGraph.Create<float>(seed) : RandomGraph<float>.Create(seed), options);
    }

    private static IEnumerable<(Graph<float> Graph, NetworkOptions Options)> Cases()
    {
        var choices = new[] { Latents.Every, Latents.Activations, Latents.Products };
        foreach (var (i, rule) in Rules.Index())
        {
            var options = new NetworkOptions
            {
                Rule = Catalogues.Rules.Find(rule).Create(("inferenceSteps", 4), ("inferenceRate", 0.05)),
                Loss = Loss.SquaredError,
                Optimizer = new Adam(0.01),
                Seed = 5,
            };
            yield return (CyclicGraph.Create<float>((ulong)i), options with { Sweeps = 1 + (i % 2) });
            yield return (SmallModels.Build<float>("residual", 6), options with { Latents = choices[i % 3] });
            var (free, clamped) = ClampedGraph.Of(CyclicGraph.Create<float>((ulong)i + 7), (ulong)i);
            yield return (free, options with { Clamped = clamped, MicroBatches = 1 + (i % 2) });
            yield return (
                SmallModels.Build<float>("cnn", 3), options with { Latents = choices[(i + 1) % 3], MicroBatches = 2 });
        }
    }

    private static async Task<string[]> RunAsync(
        Graph<float> graph, NetworkOptions options, int steps, int stopAt = int.MaxValue)
    {
        var found = new List<string>();
        var network = await Network<float>.StartAsync(graph, options);
        try
        {
            for (var step = 0; step < steps; step++)
            {
                if (step == stopAt)
                {
                    var snapshot = await network.SnapshotAsync();
                    await network.DisposeAsync();
                    network = await Network<float>.StartAsync(graph, options, snapshot);
                }
                var batch = RandomBatch.Create(
                    graph, options.Loss, options.MicroBatches, (ulong)step, options.Clamped);
                var result = await network.StepAsync(batch);
                found.Add(string.Join(' ', result.Inference!.FreeEnergies.Select(f => f.ToString("R"))));
            }
            found.Add(Parameters.Sha256(await network.ParametersAsync()));
            return [.. found];
        }
        catch (DivergedException e)
        {
            return [.. found, e.Message];
        }
        finally
        {
            await network.DisposeAsync();
        }
    }
}
