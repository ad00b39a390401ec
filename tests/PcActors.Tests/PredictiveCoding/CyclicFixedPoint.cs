using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>With cycles through latent vertices, inference in a linear network settles at the fixed point that a dense
/// solve gives.</summary>
public class CyclicFixedPoint
{
    private const int Samples = 3;

    [Theory]
    [InlineData("il", 1)]
    [InlineData("il", 4)]
    [InlineData("ipc", 1)]
    [InlineData("langevin", 2)]
    [InlineData("epc", 1)]
    [InlineData("epc", 3)]
    [InlineData("pc-alm", 1)]
    public async Task Inference_settles_at_the_fixed_point(string name, int sweeps)
    {
        for (var seed = 0UL; seed < 4; seed++)
        {
            var graph = Network(seed);
            Assert.True(graph.HasCycles);
            var clamps = new Dictionary<string, Clamp<double>>
            {
                ["x"] = new(Networks.Normal(new Shape(Samples, 3), "x", seed)),
                ["y"] = new(Networks.Normal(new Shape(Samples, 2), "y", seed)),
            };
            if (seed == 1) clamps.Remove("y");
            if (seed == 2)
            {
                var mask = new Tensor<double>(new Shape(Samples, 3));
                mask.Writable[1] = mask.Writable[5] = 1;
                clamps["b"] = new(Networks.Normal(new Shape(Samples, 3), "b", seed), mask);
            }
            var rule = name switch
            {
                "langevin" =>
                    Networks.Rule(name, ("inferenceSteps", 4000), ("inferenceRate", 0.08), ("temperature", 0.0)),
                "pc-alm" =>
                    Networks.Rule(name, ("inferenceSteps", 4000), ("inferenceRate", 0.08), ("multiplierRate", 0.0)),
                "epc" => Networks.Rule(name, ("inferenceSteps", 4000), ("inferenceRate", 0.02)),
                _ => Networks.Rule(name, ("inferenceSteps", 4000), ("inferenceRate", 0.08)),
            };
            await LinearGaussian.AssertSettlesAsync(graph, [], clamps, [rule], $"seed {seed}", sweeps);
        }
    }

    /// <summary>a = x Wx + b Wb, b = a Wa + b Ws (a vertex that reads itself), y = a Wy; a and b latent.</summary>
    private static Graph<double> Network(ulong seed)
    {
        var builder = new GraphBuilder<double>();
        builder.Data("x", new Shape(Samples, 3));
        foreach (var (name, from, to) in new[] { ("Wx", 3, 4), ("Wb", 3, 4), ("Wa", 4, 3), ("Ws", 3, 3), ("Wy", 4, 2) })
            builder.Parameter(name, Networks.Normal(new Shape(from, to), name, seed, 0.3));
        builder.Declare("x Wx", "MatMul", ["x", "Wx"]);
        builder.Declare("b Wb", "MatMul", ["b", "Wb"]);
        builder.Declare("a", "Add", ["x Wx", "b Wb"], isLatent: true, shape: new Shape(Samples, 4));
        builder.Declare("a Wa", "MatMul", ["a", "Wa"]);
        builder.Declare("b Ws", "MatMul", ["b", "Ws"]);
        builder.Declare("b", "Add", ["a Wa", "b Ws"], isLatent: true, shape: new Shape(Samples, 3));
        builder.Declare("y", "MatMul", ["a", "Wy"]);
        return builder.Build();
    }
}
