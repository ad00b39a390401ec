using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>Small networks in float64 and what is drawn for them.</summary>
internal static class Networks
{
    /// <summary>Numbers from a standard normal distribution.</summary>
    public static Tensor<double> Normal(Shape shape, string name, ulong seed = 0, double scale = 1)
    {
        var random = new SeededRandom(seed, name);
        var tensor = new Tensor<double>(shape);
        foreach (ref var element in tensor.Writable) element = scale * random.NextGaussian();
        return tensor;
    }

    /// <summary>x W1 ... WL, vertices x, h1, ..., hL.</summary>
    public static Graph<double> Linear(int samples, params ReadOnlySpan<int> widths)
    {
        var builder = new GraphBuilder<double>();
        var node = builder.Data("x", new Shape(samples, widths[0]));
        for (var l = 1; l < widths.Length; l++)
        {
            var weight = builder.Parameter($"w{l}", Normal(new Shape(widths[l - 1], widths[l]), $"w{l}", 3, 0.5));
            node = node.MatMul(weight, $"h{l}");
        }
        return builder.Build(node);
    }

    /// <summary>A rule by name, with some hyperparameters.</summary>
    public static LearningRule Rule(string name, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Catalogues.Rules.Find(name).Create(values);

    public static NetworkOptions Options(LearningRule rule) => new()
    {
        Rule = rule,
        Loss = Loss.SquaredError,
        Optimizer = new Sgd(1),
        // Nothing is lost here: what stalls is wrong.
        StepTimeout = TimeSpan.FromSeconds(20),
        MaxRetries = 0,
    };

    /// <summary>A batch of normal numbers.</summary>
    public static Batch<double> Draw(Batch<double> batch, ulong seed = 0)
    {
        foreach (var (leaf, input) in batch.Inputs.Index())
            Normal(input.Shape, $"input {leaf}", seed).Span.CopyTo(input.Writable);
        Normal(batch.Target.Shape, "target", seed).Span.CopyTo(batch.Target.Writable);
        return batch;
    }

    /// <summary>Inference of one batch, with everything else free.</summary>
    public static async Task<Inference<double>> InferAsync(
        Graph<double> graph, NetworkOptions options, IReadOnlyDictionary<string, Clamp<double>> clamps,
        params IReadOnlyList<string> reads)
    {
        await using var network = await Network<double>.StartAsync(graph, options);
        return await network.InferAsync(clamps, reads);
    }

    public static void AssertClose(double expected, double actual, double tolerance, string what = "")
    {
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)),
            $"{what}: {actual:R}, not {expected:R}");
    }

    public static void AssertClose(
        ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what = "")
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) AssertClose(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }
}
