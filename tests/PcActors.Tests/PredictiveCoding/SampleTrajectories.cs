using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Models;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>A sample knows nothing of its batch: what inference makes of it are the same bits alone and among
/// others.</summary>
public class SampleTrajectories
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var model in new[] { "mlp", "cnn", "residual", "alexnet", "rnn", "lstm", "transformer" })
            {
                foreach (var rule in new[] { "il", "ipc", "epc", "pc-alm" }) cases.Add(model, rule);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task In_single_precision(string model, string rule) => Check<float>(model, rule);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task In_double_precision(string model, string rule) => Check<double>(model, rule);

    private static async Task Check<T>(string model, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int most = 64;
        var rule = Networks.Rule(name, ("inferenceSteps", 6), ("inferenceRate", 0.05),
            ("inferenceOptimizer", name == "il" ? "adam" : "momentum"));
        var random = new SeededRandom(5, "samples");
        var wide = SmallModels.Build<T>(model, most);
        var input = wide.DataLeaves.Single();
        var (images, targets) = (new Tensor<T>(input.Shape), new Tensor<T>(wide.Root.Shape));
        foreach (ref var element in images.Writable) element = T.CreateChecked((float)random.NextDouble());
        foreach (ref var element in targets.Writable) element = T.CreateChecked((float)random.NextGaussian());
        var whole = await Values(wide, images, targets);
        foreach (var (size, starts) in new[] { (1, new[] { 0, 3, 63 }), (7, [0, 20]) })
        {
            foreach (var start in starts)
            {
                var part = await Values(SmallModels.Build<T>(model, size), images.Rows(start, size),
                    targets.Rows(start, size));
                foreach (var (vertex, value) in part)
                {
                    Assert.True(MemoryMarshal.AsBytes(whole[vertex].Rows(start, size).Span)
                        .SequenceEqual(MemoryMarshal.AsBytes(value.Span)),
                        $"'{vertex}' of samples {start} to {start + size} differs from that in a batch of {most}");
                }
            }
        }

        async Task<IReadOnlyDictionary<string, Tensor<T>>> Values(Graph<T> graph, Tensor<T> inputs, Tensor<T> outputs)
        {
            var options = new NetworkOptions { Rule = rule, Loss = Loss.SquaredError };
            await using var network = await Network<T>.StartAsync(graph, options);
            var latents = network.RunGraph.Vertices.Where(v => v.IsLatent && v.Shape.Rank > 0
                && v.Shape[0] == graph.Root.Shape[0]).Select(v => v.Name);
            var inference = await network.InferAsync(
                new Dictionary<string, Clamp<T>>
                {
                    [graph.DataLeaves.Single().Name] = new(inputs),
                    [graph.Root.Name] = new(outputs),
                }, [.. latents, graph.Root.Name]);
            return inference.Values;
        }
    }
}
