using System.Diagnostics;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>inference</c>: a timestep of inference of pcx's MLP 784-128-128-128-10 (batch 128, GELU, a latent
/// value after each layer, gradient descent with momentum, float32) on actors and in PyTorch, in turns.</summary>
internal static class InferencePairs
{
    private const int DefaultRounds = 60;
    private const int BatchSize = 128;
    private const int Features = 784;
    private const int Hidden = 128;
    private const int DefaultLayers = 3;
    private const int DefaultTimesteps = 100;
    private const int MostLayers = 10_000;
    private const int MostTimesteps = 1_000_000;
    private const int Classes = 10;

    /// <summary>Arguments: rounds, hidden layers and timesteps of one inference. PyTorch's has three layers.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        var layers = (int)args.Number("LAYERS", DefaultLayers, MostLayers);
        var timesteps = (int)args.Number("TIMESTEPS", DefaultTimesteps, MostTimesteps);
        args.End();
        var contestants = new List<IContestant>();
        foreach (var threads in (int[])[1, 2, 0])
            contestants.Add(await InferenceContestant.StartAsync(Graph(layers), Clamps(), threads, timesteps));
        foreach (var step in layers == DefaultLayers ? (string[])["all", "moving"] : [])
        {
            foreach (var threads in (int[])[1, 2])
            {
                if (await PyTorchContestant.StartAsync(threads, "pc_inference.py", step) is { } peer)
                    contestants.Add(peer);
            }
        }
        var times = await Turns.TakeAsync(contestants, rounds);
        Console.WriteLine($"{layers} hidden layers of {Hidden}, {timesteps} timesteps an inference");
        Print(contestants, [.. times.Select(Turns.Median)], rounds);
        foreach (var contestant in contestants) await contestant.DisposeAsync();
    }

    private static void Print(List<IContestant> contestants, List<double> medians, int rounds)
    {
        Console.WriteLine(
            $"{Features} to {Classes}, batch {BatchSize}, GELU, float32; {Environment.ProcessorCount} cores; medians "
            + $"of {rounds} rounds taken in turns");
        Console.WriteLine($"{"",-28} {"ms/timestep",12} {"to best 'all'",14} {"to best 'moving'",17}");
        var (all, moving) = (Best("all"), Best("moving"));
        for (var i = 0; i < contestants.Count; i++)
        {
            Console.WriteLine(
                $"{contestants[i].Name,-28} {medians[i],12:F4} {Figure.Of(medians[i] / all, "F2"),14} "
                + $"{Figure.Of(medians[i] / moving, "F2"),17}");
        }

        double Best(string step) => medians
            .Where((_, i) => contestants[i] is PyTorchContestant peer && peer.Step == step)
            .DefaultIfEmpty(double.NaN).Min();
    }

    private static Graph<float> Graph(int layers)
    {
        var layer = new GraphBuilder<float>(seed: 1).Data("input", new Shape(BatchSize, Features));
        for (var i = 1; i <= layers; i++)
        {
            layer = layer.Dense($"hidden{i}", Hidden)
                .Apply("Gelu", [], Attributes.Of(("approximate", "tanh")), $"hidden{i}/gelu");
        }
        return Partition.Split(layer.Builder.Build(layer.Dense("output", Classes)));
    }

    private static Dictionary<string, Clamp<float>> Clamps()
    {
        var random = new SeededRandom(1);
        var (images, labels) = (new Tensor<float>(new Shape(BatchSize, Features)),
            new Tensor<float>(new Shape(BatchSize, Classes)));
        foreach (ref var x in images.Writable) x = (float)random.NextDouble();
        for (var sample = 0; sample < BatchSize; sample++) labels.Writable[(sample * Classes) + (sample % Classes)] = 1;
        return new() { ["input"] = new(images), ["output"] = new(labels) };
    }
}

/// <summary>Inference of ours under the clock.</summary>
internal sealed class InferenceContestant : IContestant
{
    // Of one inference; its forward initialisation is counted with them.
    private readonly int _timesteps;
    private readonly Network<float> _network;
    private readonly IReadOnlyDictionary<string, Clamp<float>> _clamps;

    private InferenceContestant(Network<float> network, IReadOnlyDictionary<string, Clamp<float>> clamps, int threads,
        int timesteps)
    {
        (_network, _clamps, _timesteps) = (network, clamps, timesteps);
        Name = threads == 0 ? "IL, all processors" : $"IL, {threads} thread{(threads == 1 ? "" : "s")}";
    }

    public string Name { get; }

    /// <summary>A network that can infer.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="clamps">What is clamped.</param>
    /// <param name="threads">Threads on which vertices run; 0 for one for each processor.</param>
    /// <param name="timesteps">Of one inference.</param>
    public static async Task<InferenceContestant> StartAsync(
        Graph<float> graph, IReadOnlyDictionary<string, Clamp<float>> clamps, int threads, int timesteps)
    {
        var rule = Catalogues.Rules.Find("il").Create(
            ("inferenceSteps", timesteps), ("inferenceRate", 0.0261), ("inferenceOptimizer", "momentum"),
            ("inferenceMomentum", 0.1));
        var network = await Network<float>.StartAsync(graph, new NetworkOptions
        {
            Rule = rule,
            Latents = Latents.Activations,
            Loss = Loss.SquaredError,
            Where = new InProcess { Threads = threads },
        });
        return new InferenceContestant(network, clamps, threads, timesteps);
    }

    public async Task<double> RunAsync(int steps)
    {
        var inferences = Math.Max(1, steps / _timesteps);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < inferences; i++) await _network.InferAsync(_clamps, []);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / (inferences * _timesteps);
    }

    public ValueTask DisposeAsync() => _network.DisposeAsync();
}
