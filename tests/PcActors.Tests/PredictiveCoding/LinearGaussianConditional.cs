using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>With any clamps and masks, inference in a linear Gaussian network settles at the exact conditional
/// mean.</summary>
public class LinearGaussianConditional
{
    private const int Samples = 3;

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    [InlineData("langevin")]
    [InlineData("pc-alm")]
    public async Task Inference_settles_at_the_conditional(string rule)
    {
        for (var seed = 0UL; seed < 6; seed++)
        {
            var graph = Network(seed);
            var random = new SeededRandom(seed, "what is clamped");
            var clamps = new Dictionary<string, Clamp<double>> { ["x"] = new(Value(graph, "x", seed)) };
            foreach (var name in new[] { "z", "h1", "h2", "y" })
            {
                switch (random.NextInt(4))
                {
                    case 0: // Wholly.
                        clamps[name] = new(Value(graph, name, seed));
                        break;
                    case 1: // In part: the rest is free, and starts at the clamp's value.
                        var mask = new Tensor<double>(graph.Find(name).Shape);
                        foreach (ref var element in mask.Writable) element = random.NextInt(2);
                        clamps[name] = new(Value(graph, name, seed), mask);
                        break;
                    case 2: // Free: it is not said.
                        break;
                    default: // Free, and said.
                        clamps[name] = new(null);
                        break;
                }
            }
            await LinearGaussian.AssertSettlesAsync(graph, Codings, clamps, [RuleOf(rule)], $"seed {seed}");
        }
    }

    [Fact]
    public async Task With_nothing_but_data_clamped_all_is_as_predicted()
    {
        var graph = Network(1);
        var clamps = new Dictionary<string, Clamp<double>> { ["x"] = new(Value(graph, "x", 1)) };
        await LinearGaussian.AssertSettlesAsync(graph, Codings, clamps, [RuleOf("il"), RuleOf("epc")], "nothing");
    }

    private static VertexCoding[] Codings =>
    [
        new("z", Gaussian(0.7)), new("h1", Gaussian(1.5)), new("h2", Gaussian(0.8), InferenceRate: 0.06),
    ];

    private static Energy Gaussian(double precision) =>
        Catalogues.Energies.Find("gaussian").Create(("precision", precision));

    private static LearningRule RuleOf(string name) => name switch
    {
        "langevin" => Networks.Rule(name, ("inferenceSteps", 3000), ("inferenceRate", 0.08), ("temperature", 0.0)),
        "pc-alm" => Networks.Rule(name, ("inferenceSteps", 3000), ("inferenceRate", 0.08), ("multiplierRate", 0.0)),
        _ => Networks.Rule(name, ("inferenceSteps", 3000), ("inferenceRate", 0.08)),
    };

    private static Tensor<double> Value(Graph<double> graph, string name, ulong seed) =>
        Networks.Normal(graph.Find(name).Shape, name, seed);

    /// <summary>A prior z, data x, two latent layers (a skip from z past the first, through a direct sum), a
    /// root.</summary>
    private static Graph<double> Network(ulong seed)
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(Samples, 3));
        var z = builder.Data("z", new Shape(Samples, 2), isFree: true);
        var h1 = x.MatMul(Weight("w1", 3, 4)).Add(z.MatMul(Weight("w2", 2, 4)), "h1").Latent();
        var h2 = h1.MatMul(Weight("w3", 4, 3)).Add(z.MatMul(Weight("w4", 2, 3)), "h2").Latent();
        return builder.Build(h2.MatMul(Weight("w5", 3, 2)).Add(h1.MatMul(Weight("w6", 4, 2)), "y"));

        Node<double> Weight(string name, int from, int to) =>
            builder.Parameter(name, Networks.Normal(new Shape(from, to), name, seed, 0.6));
    }
}
