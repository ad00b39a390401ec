using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>The network whose training step is timed: 784-300-100-10, batch 64, tanh, squared
/// error, plain gradient descent, float32. The same as in <c>bench/peers/mlp_step.py</c>.</summary>
internal static class StepNetworks
{
    private const int BatchSize = 64;
    private const int Features = 784;
    private const int Classes = 10;

    private static readonly Sgd Optimizer = new(0.01);

    /// <summary>The network's graph.</summary>
    /// <param name="blocks">Blocks of a dense layer, as <see cref="Partition.Split"/> takes them.</param>
    public static Graph<float> Graph(int blocks = Partition.Automatic)
    {
        var builder = new GraphBuilder<float>(seed: 1);
        var layer = builder.Data("input", new Shape(BatchSize, Features)).Dense("hidden1", 300).Tanh()
            .Dense("hidden2", 100).Tanh();
        return Partition.Split(builder.Build(layer.Dense("output", Classes)), blocks);
    }

    /// <summary>The sequential reference.</summary>
    public static Network<float> Reference(Graph<float> graph) => Start(graph, new Reference());

    /// <summary>Z-IL on actors.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">Threads on which vertices run; 0 for one for each processor.</param>
    public static Network<float> OnActors(Graph<float> graph, int threads) =>
        Start(graph, new InProcess { Threads = threads });

    // In this process a network starts at once.
    private static Network<float> Start(Graph<float> graph, NetworkPlace where) => Network<float>.StartAsync(
        graph, new NetworkOptions { Loss = Loss.SquaredError, Optimizer = Optimizer, Where = where }).GetAwaiter()
        .GetResult();

    /// <summary>A batch of pixels and one-hot targets.</summary>
    public static Batch<float> Fill(Batch<float> batch)
    {
        var random = new SeededRandom(1);
        foreach (ref var x in batch.Inputs[0].Writable) x = (float)random.NextDouble();
        for (var sample = 0; sample < batch.Size; sample++)
            batch.Target.Writable[(sample * Classes) + (sample % Classes)] = 1;
        return batch;
    }
}
