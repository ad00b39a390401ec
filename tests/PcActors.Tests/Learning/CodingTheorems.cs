using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Theorems on predictive coding, bit for bit on random graphs.</summary>
public class CodingTheorems
{
    private const int Parts = 5;
    private const ulong GraphsOfPart = 40;

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Without_latent_vertices_one_timestep_is_backpropagation(int part) => Each(part, (seed, trial) =>
    {
        var graph = RandomGraph<float>.Create(seed);
        return (trial with { Rule = LearningRule.Il(1, 0.3), Latents = Latents.None })
            .FirstDifference(graph, graph);
    });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void The_first_timestep_of_epc_is_backpropagation_times_the_rate(int part) => Each(part, (seed, trial) =>
    {
        var graph = RandomGraph<double>.Create(seed);
        var rate = Math.ScaleB(1, -(int)(seed % 5));
        return (trial with
        {
            Rule = Catalogues.Rules.Find("epc").Create(("inferenceSteps", 1), ("inferenceRate", rate)),
            Latents = Choice(seed),
            Optimizer = new Sgd(0.05),
            ReferenceOptimizer = new Sgd(0.05 * rate),
        }).FirstDifference(graph, graph);
    });

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Under_every_rule_the_order_of_arrival_and_lost_messages_change_nothing(int part)
    {
        for (var seed = (ulong)part * GraphsOfPart; seed < (ulong)(part + 1) * GraphsOfPart; seed++)
        {
            var graph = seed % 3 == 2 ? CyclicGraph.Create<float>(seed) : RandomGraph<float>.Create(seed);
            foreach (var rule in Rules(seed))
            {
                var trial = Random(seed) with
                {
                    Rule = rule,
                    Latents = Choice(seed),
                    Steps = 2,
                    Sweeps = 1 + (int)(seed / 3 % 3),
                };
                string[] found =
                [
                    Outcome(trial with { Delivery = new() { Seed = seed } }, graph, seed),
                    Outcome(trial with { Delivery = new() { Seed = ~seed } }, graph, seed),
                    Outcome(trial with { Delivery = WithLoss(seed) }, graph, seed),
                ];
                Assert.True(found.Distinct().Count() == 1,
                    $"seed {seed}, {rule}: {string.Join(Environment.NewLine, found)}");
            }
        }
    }

    /// <summary>One latent vertex is a view of what a direct one holds, and nothing but the other end of a cycle reads
    /// another.</summary>
    [Fact]
    public void Nor_does_it_where_values_are_views_or_only_close_cycles()
    {
        var builder = new GraphBuilder<float>(3);
        var shape = new Shape(2, 3);
        builder.Data("x", shape);
        foreach (var name in new[] { "up", "down", "over", "out" })
            builder.Parameter($"{name}/w", new Shape(3, 3), Initializer.GlorotUniform, 3, 3);
        builder.Declare("up", "MatMul", ["x", "up/w"]);
        builder.Declare("sum", "Sum", ["up", "down", "context"], shape: shape);
        builder.Declare("view", "Identity", ["sum"], isLatent: true, shape: shape);
        builder.Declare("down", "MatMul", ["view", "down/w"], shape: shape);
        builder.Declare("context", "MatMul", ["view", "over/w"], isLatent: true, shape: shape);
        builder.Declare("out", "MatMul", ["view", "out/w"]);
        var graph = builder.Build();
        foreach (var rule in Rules(3))
        {
            for (var sweeps = 1; sweeps <= 3; sweeps++)
            {
                var trial = Random(1) with { Rule = rule, Steps = 2, Sweeps = sweeps, MicroBatches = 2 };
                var found = Enumerable.Range(0, 40)
                    .Select(order => Outcome(trial with { Delivery = new() { Seed = (ulong)order } }, graph, 1))
                    .Distinct().ToList();
                Assert.True(found.Count == 1, $"{rule}, {sweeps}: {string.Join(Environment.NewLine, found)}");
            }
        }
    }

    [Fact]
    public void Nor_do_they_where_latent_vertices_are_clamped_and_leaves_are_free()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var graph = seed % 3 == 2 ? CyclicGraph.Create<float>(seed)
                : Choice(seed).Mark(RandomGraph<float>.Create(seed));
            (graph, var clamped) = ClampedGraph.Of(graph, seed);
            foreach (var rule in Rules(seed))
            {
                var trial = Random(seed) with { Rule = rule, Clamped = clamped, Steps = 2 };
                string[] found =
                [
                    Outcome(trial with { Delivery = new() { Seed = seed } }, graph, seed),
                    Outcome(trial with { Delivery = new() { Seed = ~seed } }, graph, seed),
                    Outcome(trial with { Delivery = WithLoss(seed) }, graph, seed),
                ];
                Assert.True(found.Distinct().Count() == 1,
                    $"seed {seed}, {rule}: {string.Join(Environment.NewLine, found)}");
            }
        }
    }

    [Fact]
    public void A_prediction_with_cycles_is_as_many_sweeps_from_zeros_as_are_asked_for()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var graph = CyclicGraph.Create<double>(seed);
            for (var sweeps = 1; sweeps <= 3; sweeps++)
            {
                var trial = Random(seed) with { Rule = LearningRule.Il(2, 0.1), Sweeps = sweeps, MicroBatches = 1 };
                var batch = RandomBatch.Create(graph, trial.Loss, 1, seed);
                Assert.Equal(Swept(graph, batch, sweeps), trial.Network(graph).Predict(batch).Span.ToArray());
            }
        }
    }

    /// <summary>Each sweep reads what closes a cycle as the one before has left it.</summary>
    private static double[] Swept(Graph<double> graph, Batch<double> batch, int sweeps)
    {
        var values = graph.Vertices.Select(v => v.Initial ?? new Tensor<double>(v.Shape)).ToArray();
        for (var leaf = 0; leaf < batch.Clamped.Count; leaf++) values[batch.Clamped[leaf]] = batch.Input(leaf, 0);
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            // After the first sweep all that is latent takes its prediction at once.
            var held = values.ToArray();
            foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
            {
                var inputs = graph.Inputs(vertex.Id)
                    .Select(e => sweep > 0 && graph.Vertices[e.From].IsLatent ? held[e.From] : values[e.From]);
                var prediction = new Tensor<double>(vertex.Shape);
                vertex.Function!.Predict([.. inputs], prediction);
                values[vertex.Id] = prediction;
            }
        }
        return values[graph.RootId].Span.ToArray();
    }

    private static IEnumerable<LearningRule> Rules(ulong seed)
    {
        var (steps, rate) = (1 + (int)(seed % 4), 0.05);
        foreach (var name in new[] { "il", "ipc", "epc", "pc-alm", "langevin" })
            yield return Catalogues.Rules.Find(name).Create(("inferenceSteps", steps), ("inferenceRate", rate));
        yield return Catalogues.Rules.Parse($"il:inferenceSteps={steps},inferenceRate=0.01,inferenceOptimizer=adam");
        yield return Catalogues.Rules.Parse(
            $"il:inferenceSteps={steps + 5},inferenceRate=0.01,inferenceOptimizer=momentum,tolerance=0.001");
    }

    private static string Outcome(Trial trial, Graph<float> graph, ulong seed)
    {
        var network = trial.Network(graph);
        var outcome = "";
        for (var step = 0; step < trial.Steps; step++)
        {
            try
            {
                var batch = RandomBatch.Create(graph, trial.Loss, trial.MicroBatches, seed + (ulong)step,
                    trial.Clamped);
                var result = network.Train(batch);
                outcome += string.Join(' ', result.Inference!.FreeEnergies.Select(f => f.ToString("R")));
            }
            catch (Exception e) when (e is StalledException or DivergedException)
            {
                return outcome + e.Message;
            }
        }
        return outcome + Parameters.Sha256(
            Parameters.Join(network.Graph, network.Parameter));
    }

    private static Delivery WithLoss(ulong seed)
    {
        var left = 3 + (int)(seed % 40);
        return new Delivery
        {
            Seed = seed + 1,
            MaxAttempts = 3,
            Faults = e => e.Message is not null && --left == 0 ? Fate.IsLost : Fate.Arrives,
        };
    }

    private static Latents Choice(ulong seed) => (seed % 3) switch
    {
        0 => Latents.Every,
        1 => Latents.Activations,
        _ => Latents.Products,
    };

    private static Trial Random(ulong seed) => new()
    {
        Clock = Clock.Lockstep,
        Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
        Optimizer = seed % 4 < 2 ? new Sgd(0.05) : new Adam(0.01),
        MicroBatches = 1 + (int)(seed % 3),
        Steps = 2,
        DataSeed = seed,
        Delivery = new() { Seed = seed },
    };

    private static void Each(int part, Func<ulong, Trial, string?> difference)
    {
        for (var seed = (ulong)part * GraphsOfPart; seed < (ulong)(part + 1) * GraphsOfPart; seed++)
        {
            var found = difference(seed, Random(seed));
            Assert.True(found is null, $"seed {seed}: {found}");
        }
    }
}
