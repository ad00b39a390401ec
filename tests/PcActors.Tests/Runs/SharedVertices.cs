using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Runs;

/// <summary>Vertices whose kernels are large enough to be worked at by several threads.</summary>
public sealed class SharedVertices
{
    [Fact]
    public async Task They_learn_the_same_bits_on_any_number_of_threads()
    {
        var graph = new GraphBuilder<float>(seed: 3);
        var root = graph.Data("x", new Shape(64, 300)).Dense("wide", 1100).Tanh().Dense("y", 40);
        var built = graph.Build(root);
        var expected = await WeightsAsync(built, new Reference());
        foreach (var threads in new[] { 1, 2, 3 })
            Assert.Equal(expected, await WeightsAsync(built, new InProcess { Threads = threads }));
    }

    private static async Task<string> WeightsAsync(Graph<float> graph, NetworkPlace where)
    {
        await using var network = await Network<float>.StartAsync(
            graph, new NetworkOptions { Loss = Loss.SquaredError, Optimizer = new Sgd(0.1), Where = where });
        var batch = network.NewBatch();
        var random = new Random(2);
        foreach (ref var x in batch.Inputs[0].Writable) x = random.NextSingle() - 0.5f;
        foreach (ref var y in batch.Target.Writable) y = random.NextSingle();
        for (var step = 0; step < 3; step++) await network.StepAsync(batch);
        return Parameters.Sha256(await network.ParametersAsync());
    }
}
