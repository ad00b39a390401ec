using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>Training with latent vertices clamped and leaves free, against closed forms, and against the same network
/// without either.</summary>
public class ClampedTraining
{
    [Theory]
    [InlineData("il:inferenceSteps=7,inferenceRate=0.3", 1)]
    [InlineData("il:inferenceSteps=3,inferenceRate=0.3", 3)]
    [InlineData("ipc:inferenceSteps=1", 1)]
    [InlineData("epc:inferenceSteps=400,inferenceRate=0.1", 2)]
    [InlineData("langevin:inferenceSteps=5,temperature=0.5", 1)]
    public async Task A_clamped_latent_vertex_parts_the_network(string rule, int micros)
    {
        // y = x w1 w2 with the value between clamped to h: w1 learns to predict h from x, and w2 y from h.
        const int Samples = 4;
        var graph = Networks.Linear(Samples, 3, 2, 2);
        var options = Networks.Options(Catalogues.Rules.Parse(rule)) with { Clamped = ["h1"], MicroBatches = micros };
        await using var network = await Network<double>.StartAsync(graph, options);
        var batch = Networks.Draw(network.NewBatch());
        Assert.Equal([graph.Find("x").Id, graph.Find("h1").Id], batch.Clamped);
        await network.StepAsync(batch);
        var (x, h) = (batch.Inputs[0], batch.Inputs[1]);
        foreach (var parameter in await network.ParametersAsync())
        {
            var before = graph.Find(parameter.Name).Initial!;
            var (input, output) = parameter.Name == "w1" ? (x, h) : (h, batch.Target);
            Networks.AssertClose(Fitted(before, input, output), parameter.Value.Span, 1e-12, parameter.Name);
        }
    }

    [Fact]
    public async Task A_free_leaf_settles_before_the_weight_learns()
    {
        // F = 1/2 (z w - y)^2 + 1/2 p z^2 is least at z = w y / (w^2 + p).
        var builder = new GraphBuilder<double>();
        var z = builder.Data("z", new Shape(2, 1), isFree: true);
        var graph = builder.Build(z.MatMul(builder.Parameter("w", Tensor<double>.From(new Shape(1, 1), [0.75])), "y"));
        var options = Networks.Options(LearningRule.Il(800, 0.1)) with
        {
            Codings = [new("z", Catalogues.Energies.Parse("gaussian:precision=0.25"))],
        };
        await using var network = await Network<double>.StartAsync(graph, options);
        var batch = network.NewBatch();
        Assert.Empty(batch.Inputs);
        double[] targets = [1, -0.5];
        targets.CopyTo(batch.Target.Writable);
        await network.StepAsync(batch);
        var change = targets.Average(y =>
        {
            var value = 0.75 * y / ((0.75 * 0.75) + 0.25);
            return value * ((value * 0.75) - y);
        });
        var found = Assert.Single(await network.ParametersAsync());
        Networks.AssertClose(0.75 - change, found.Value.Span[0], 1e-12, "w");
    }

    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    [InlineData("pc-alm")]
    [InlineData("langevin")]
    public void A_free_leaf_that_training_clamps_is_a_leaf_that_is_not_free(string rule)
    {
        for (var seed = 0UL; seed < 30; seed++)
        {
            var plain = seed % 3 == 2 ? CyclicGraph.Create<float>(seed) : RandomGraph<float>.Create(seed);
            // What needs an error is more where leaves are free, so the choice is made before.
            if (!plain.HasLatents) plain = Latents.Every.Mark(plain);
            var free = plain.With(v => v.Kind == VertexKind.Data ? v with { IsFree = true } : v);
            var trial = new Trial
            {
                Rule = Networks.Rule(rule, ("inferenceSteps", 3), ("inferenceRate", 0.05)),
                Clock = Clock.Lockstep,
                Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
                MicroBatches = 1 + (int)(seed % 2),
            };
            var named = trial with { Clamped = [.. free.DataLeaves.Select(v => v.Name)] };
            var (expected, found) = (Outcome(trial, plain, seed), Outcome(named, free, seed));
            Assert.True(expected == found, $"seed {seed}: {expected}{Environment.NewLine}{found}");
        }
    }

    [Fact]
    public async Task A_prediction_goes_from_the_leaves_alone()
    {
        var graph = Networks.Linear(4, 3, 2, 2);
        var options = Networks.Options(LearningRule.Il(5, 0.1));
        await using var plain = await Network<double>.StartAsync(graph, options);
        await using var network = await Network<double>.StartAsync(graph, options with { Clamped = ["h1"] });
        var expected = await plain.PredictAsync(Networks.Draw(plain.NewBatch()));
        var found = await network.PredictAsync(Networks.Draw(network.NewBatch()));
        Assert.Equal(expected.Span.ToArray(), found.Span.ToArray());
    }

    [Fact]
    public async Task Inference_outside_training_has_timesteps_of_its_own()
    {
        var options = Networks.Options(LearningRule.Il(5, 0.1)) with { SettlingSteps = 9 };
        await using var network = await Network<double>.StartAsync(Networks.Linear(4, 3, 2, 2), options);
        var batch = Networks.Draw(network.NewBatch());
        var clamps = new Dictionary<string, Clamp<double>> { ["x"] = new(batch.Inputs[0]), ["h2"] = new(batch.Target) };
        var settled = await network.InferAsync(clamps, ["h1"]);
        Assert.Equal(9, settled.Record.Timesteps);
        Assert.Equal(5, (await network.StepAsync(batch)).Inference!.Timesteps);
        // It is the T of the rule that is another, and nothing else.
        await using var longer = await Network<double>.StartAsync(Networks.Linear(4, 3, 2, 2),
            Networks.Options(LearningRule.Il(9, 0.1)));
        var expected = await longer.InferAsync(clamps, ["h1"]);
        Assert.Equal(expected.Values["h1"].Span.ToArray(), settled.Values["h1"].Span.ToArray());
    }

    [Theory]
    [InlineData("zil", "free", "the data leaf 'z' is free", "'zil'")]
    [InlineData("bp", "free", "the data leaf 'z' is free", "'bp'")]
    [InlineData("zil", "clamped", "'h/tanh' is to be clamped", "'zil'")]
    [InlineData("bp", "clamped", "'h/tanh' is to be clamped", "'bp'")]
    [InlineData("il", "direct", "'h' is direct", "make it latent")]
    [InlineData("il", "parameter", "is a parameter", "a data leaf, a latent vertex or the root")]
    [InlineData("il", "leaf", "'x' is a data leaf", "in any case")]
    [InlineData("il", "root", "'out' is the root", "in any case")]
    [InlineData("il", "twice", "'h/tanh'", "twice")]
    [InlineData("il", "unknown", "no vertex 'nobody'", "")]
    [InlineData("il", "settling", "SettlingSteps", "")]
    public async Task What_cannot_be_clamped_is_refused_by_name(string rule, string what, string named, string also)
    {
        var builder = new GraphBuilder<double>(1);
        var x = builder.Data("x", new Shape(2, 3));
        var input = what == "free" ? x.Add(builder.Data("z", new Shape(2, 3), isFree: true)) : x;
        var graph = builder.Build(input.Dense("h", 4).Tanh("h/tanh").Dense("out", 2));
        var options = Networks.Options(rule == "il" ? LearningRule.Il(2, 0.1) : LearningRule.Zil) with
        {
            Where = rule == "bp" ? new Reference() : new InProcess(),
            SettlingSteps = what == "settling" ? 0 : null,
            Clamped = what switch
            {
                "clamped" => ["h/tanh"],
                "direct" => ["h"],
                "parameter" => [graph.Parameters.First().Name],
                "leaf" => ["x"],
                "root" => ["out"],
                "twice" => ["h/tanh", "h/tanh"],
                "unknown" => ["nobody"],
                _ => [],
            },
        };
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => Network<double>.StartAsync(graph, options));
        Assert.True(refusal is ArgumentException or GraphException, refusal.ToString());
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(also, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A weight after one step of gradient descent at the rate 1 on the squared error of predicting outputs
    /// from inputs, mean over samples.</summary>
    private static double[] Fitted(Tensor<double> weight, Tensor<double> inputs, Tensor<double> outputs)
    {
        var (rows, columns, samples) = (weight.Shape[0], weight.Shape[1], inputs.Shape[0]);
        var fitted = weight.Span.ToArray();
        for (var s = 0; s < samples; s++)
        {
            for (var c = 0; c < columns; c++)
            {
                var error = -outputs.Span[(s * columns) + c];
                for (var r = 0; r < rows; r++)
                    error += inputs.Span[(s * rows) + r] * weight.Span[(r * columns) + c];
                for (var r = 0; r < rows; r++)
                    fitted[(r * columns) + c] -= inputs.Span[(s * rows) + r] * error / samples;
            }
        }
        return fitted;
    }

    private static string Outcome(Trial trial, Graph<float> graph, ulong seed)
    {
        var network = trial.Network(graph);
        var outcome = "";
        for (var step = 0UL; step < 2; step++)
        {
            var batch = network.NewBatch();
            RandomBatch.Fill(batch, graph, trial.Loss, seed + step);
            var result = network.Train(batch);
            outcome += string.Join(' ', result.Inference!.FreeEnergies.Select(f => f.ToString("R")));
        }
        return outcome + Parameters.Sha256(Parameters.Join(network.Graph, network.Parameter));
    }
}
