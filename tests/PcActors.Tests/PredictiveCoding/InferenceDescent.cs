using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>How inference descends F: by each optimizer's own formula, at each vertex's own rate, until it settles, or
/// not at all.</summary>
public class InferenceDescent
{
    private const double X = 0.8, Y = -0.5, W1 = 1.3, W2 = -0.9, W3 = 0.7;

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    public async Task Values_follow_the_optimizers_formula(string optimizer)
    {
        const double rate = 0.1, momentum = 0.8, beta2 = 0.95;
        foreach (var second in new double?[] { null, 0.03 })
        {
            for (var steps = 1; steps <= 8; steps++)
            {
                var rule = Networks.Rule("il", ("inferenceSteps", steps), ("inferenceRate", rate),
                    ("inferenceOptimizer", optimizer), ("inferenceMomentum", momentum), ("inferenceBeta2", beta2));
                var options = Networks.Options(rule) with { Codings = [new("h2", InferenceRate: second)] };
                var inference = await Networks.InferAsync(Network(), options, Clamps(), "h1", "h2");
                var (x, m, v) = (new[] { W1 * X, W2 * (W1 * X) }, new double[2], new double[2]);
                for (var t = 1; t <= steps; t++)
                {
                    double[] gradient = [x[0] - (W1 * X) - (W2 * (x[1] - (W2 * x[0]))),
                        x[1] - (W2 * x[0]) - (W3 * (Y - (W3 * x[1])))];
                    for (var i = 0; i < 2; i++)
                    {
                        var gamma = i == 1 && second is { } own ? own : rate;
                        (m[i], v[i]) = optimizer == "adam"
                            ? ((momentum * m[i]) + ((1 - momentum) * gradient[i]),
                                (beta2 * v[i]) + ((1 - beta2) * gradient[i] * gradient[i]))
                            : (((optimizer == "sgd" ? 0 : momentum) * m[i]) + gradient[i], 0);
                        x[i] -= gamma * (optimizer == "adam"
                            ? m[i] / (1 - Math.Pow(momentum, t))
                                / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, t))) + 1e-8)
                            : m[i]);
                    }
                }
                Networks.AssertClose(x[0], inference.Values["h1"].Span[0], 1e-12, $"h1 after {steps}");
                Networks.AssertClose(x[1], inference.Values["h2"].Span[0], 1e-12, $"h2 after {steps}");
            }
        }
    }

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    public async Task With_a_tolerance_it_takes_as_many_timesteps_as_F_falls_by_it(string name)
    {
        const double tolerance = 1e-7;
        var options = Networks.Options(
            Networks.Rule(name, ("inferenceSteps", 500), ("inferenceRate", 0.1), ("tolerance", tolerance)));
        var record = (await Networks.InferAsync(Network(), options, Clamps())).Record;
        Assert.True(record.Converged);
        Assert.InRange(record.Timesteps, 5, 400);
        var energies = record.FreeEnergies;
        var falls = energies.Zip(energies.Skip(1), (before, after) => before - after).ToList();
        Assert.All(falls, fall => Assert.True(fall > 0));
        // The first fall that is less is known after two more timesteps than it has before it: the second is the last
        // movement.
        Assert.Equal(falls.FindIndex(fall => fall < tolerance) + 2, record.Timesteps);
        await using var network = await Network<double>.StartAsync(Network(), options);
        var batch = network.NewBatch();
        (batch.Inputs[0].Writable[0], batch.Target.Writable[0]) = (X, Y);
        var trained = (await network.StepAsync(batch)).Inference!;
        if (name != "ipc") Assert.Equal((record.Timesteps, true), (trained.Timesteps, trained.Converged));
        Assert.InRange(trained.Timesteps, 2, 400);
    }

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    public async Task A_tolerance_that_is_not_met_ends_at_the_bound_and_that_is_said(string name)
    {
        var rule = Networks.Rule(name, ("inferenceSteps", 4), ("inferenceRate", 0.1), ("tolerance", 1e-12));
        var record = (await Networks.InferAsync(Network(), Networks.Options(rule), Clamps())).Record;
        Assert.False(record.Converged);
        Assert.Equal(4, record.Timesteps);
        rule = Networks.Rule(name, ("inferenceSteps", 4), ("inferenceRate", 0.1));
        record = (await Networks.InferAsync(Network(), Networks.Options(rule), Clamps())).Record;
        Assert.Null(record.Converged);
        Assert.Equal(4, record.Timesteps);
    }

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    public async Task Inference_that_diverges_names_vertex_and_timestep_and_a_rate_that_settles(string name)
    {
        var graph = Networks.Linear(3, 4, 5, 3, 2);
        var clamps = new Dictionary<string, Clamp<double>>
        {
            ["x"] = new(Networks.Normal(new Shape(3, 4), "x")),
            ["h3"] = new(Networks.Normal(new Shape(3, 2), "y")),
        };
        var diverged = await Assert.ThrowsAsync<InferenceDivergedException>(() => Networks.InferAsync(graph,
            Networks.Options(Networks.Rule(name, ("inferenceSteps", 10000), ("inferenceRate", 3.0))), clamps));
        Assert.StartsWith("h", diverged.Vertex, StringComparison.Ordinal);
        Assert.InRange(diverged.Time, 2, 10000);
        Assert.Contains($"'{diverged.Vertex}'", diverged.Message, StringComparison.Ordinal);
        Assert.Contains($"timestep {diverged.Time}", diverged.Message, StringComparison.Ordinal);
        Assert.NotNull(diverged.Rate);
        var rate = diverged.Rate.Value;
        var rule = Networks.Rule(name, ("inferenceSteps", 20000), ("inferenceRate", 0.99 * rate), ("tolerance", 1e-13));
        Assert.True((await Networks.InferAsync(graph, Networks.Options(rule), clamps)).Record.Converged);
        // And it is not far below what would: the curvature's bound, 2 / lambda.
        await Assert.ThrowsAsync<InferenceDivergedException>(() => Networks.InferAsync(graph,
            Networks.Options(Networks.Rule(name, ("inferenceSteps", 60000), ("inferenceRate", 1.05 * rate))), clamps));
    }

    private static Graph<double> Network()
    {
        var builder = new GraphBuilder<double>();
        var node = builder.Data("x", new Shape(1, 1));
        foreach (var (name, weight) in new[] { ("h1", W1), ("h2", W2), ("y", W3) })
            node = node.MatMul(builder.Parameter($"w of {name}", Tensor<double>.From(new Shape(1, 1), [weight])), name);
        return Latents.Activations.Mark(builder.Build(node));
    }

    private static Dictionary<string, Clamp<double>> Clamps() => new()
    {
        ["x"] = new(Tensor<double>.From(new Shape(1, 1), [X])),
        ["y"] = new(Tensor<double>.From(new Shape(1, 1), [Y])),
    };
}
