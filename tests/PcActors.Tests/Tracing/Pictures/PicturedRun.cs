using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>Recorded runs to draw: with branches, levelling identities, and names that mean harm to a page.</summary>
internal static class PicturedRun
{
    /// <summary>A name that would end a script element, open another, and break out of an attribute.</summary>
    public const string EvilName = "</script><script>alert('x')</script><b title=\"&\">\u2028";

    /// <summary>Some steps of a small residual network.</summary>
    public static Task<RecordedRun> OfAsync(int steps = 2, bool payloads = false, bool norms = false,
        int microBatches = 2) =>
        OfAsync(Small(), steps, payloads, norms, microBatches);

    /// <summary>Some steps of a network.</summary>
    public static Task<RecordedRun> OfAsync(Graph<float> graph, int steps, bool payloads = false, bool norms = false,
        int microBatches = 1)
    {
        var options = new NetworkOptions { Loss = Loss.SquaredError, MicroBatches = microBatches };
        return RecordedRun.OfAsync(
            graph,
            options,
            async network =>
            {
                var batch = Draw(network.NewBatch());
                for (var step = 0; step < steps; step++) await network.StepAsync(batch);
            },
            trace => trace with { Payloads = payloads, Norms = norms, Model = "residual" });
    }

    /// <summary>Two steps of a small network whose values settle, and what they came to.</summary>
    public static async Task<(RecordedRun Run, List<StepResult> Results)> InferringAsync(string rule, int microBatches)
    {
        var results = new List<StepResult>();
        var builder = new GraphBuilder<float>(seed: 3);
        var layer = builder.Data("input", new Shape(4, 6)).Dense("first", 5).Tanh("first/tanh");
        var graph = builder.Build(layer.Dense("second", 5).Tanh("second/tanh").Dense("output", 2));
        var options = new NetworkOptions
        {
            Rule = Catalogues.Rules.Parse($"{rule}:inferenceSteps=6,inferenceRate=0.1"),
            MicroBatches = microBatches,
            Loss = Loss.SquaredError,
            WithEnergies = true,
        };
        var run = await RecordedRun.OfAsync(graph, options, async network =>
        {
            var batch = Draw(network.NewBatch());
            for (var step = 0; step < 2; step++) results.Add(await network.StepAsync(batch));
        }, trace => trace with { Norms = true, Model = "settling" });
        return (run, results);
    }

    /// <summary>A layer, a block around which its input passes, and a layer.</summary>
    public static Graph<float> Small()
    {
        var builder = new GraphBuilder<float>(seed: 3);
        var input = builder.Data("input", new Shape(4, 6)).Dense("first", 5).Tanh("first/tanh");
        var block = input.Dense("second", 5).Tanh(EvilName).Dense("third", 5).Add(input, "sum");
        return builder.Build(block.Dense("output", 2));
    }

    private static Batch<float> Draw(Batch<float> batch)
    {
        var random = new SeededRandom(5, "pictures");
        foreach (var leaf in batch.Inputs.Append(batch.Target))
        {
            foreach (ref var element in leaf.Writable) element = (float)random.NextGaussian();
        }
        return batch;
    }
}
