using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>How often the functions of a multilayer perceptron are computed in a training step, in closed form: only
/// where something has moved.</summary>
/// <remarks>
/// Layers l = 1 to L, each a product with its weights; but for the last one an activation follows, which is latent.
/// After t timesteps as many activations have moved, those that are nearest to the output: that of layer l moves from
/// time L - l on, and what it is the input of predicts anew from then on. Its error moves with it; until then it is 0,
/// and so is the product with it. Inference pulls back at times 0 to T - 1, learning at T.
/// </remarks>
public sealed class ReuseCounts
{
    public static TheoryData<string> Rules =>
    [
        "il:inferenceRate=0.1", "il:inferenceRate=0.1,inferenceOptimizer=momentum",
        "il:inferenceRate=0.01,inferenceOptimizer=adam", "pc-alm:inferenceRate=0.1",
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Under_rules_that_infer_what_moves_is_computed(string name)
    {
        for (var layers = 2; layers <= 6; layers++)
        {
            for (var steps = 1; steps <= 8; steps++)
            {
                var rule = Catalogues.Rules.Parse($"{name},inferenceSteps={steps}");
                var found = Step(layers, rule, Clock.Lockstep);
                for (var l = 1; l <= layers; l++)
                {
                    var predictions = 1 + (l == 1 ? 0 : From(layers - l + 1, steps));
                    // The weights' pull-backs are taken once, if the wave has come so far; the data's never.
                    var root = l == layers ? 1 : 0;
                    var expected = (predictions, l == 1 ? 0 : root + From(layers - l, steps - 1),
                        Math.Min(1, From(layers - l, steps)));
                    Assert.Equal((rule, layers, l, expected), (rule, layers, l, Counts(found.Products[l - 1])));
                    if (l == layers) continue;
                    // The first activation's error is pulled back for learning alone.
                    var pullBacks = l == 1 ? 1 : 1 + From(layers - l, steps);
                    var activation = found.Activations[l - 1];
                    Assert.Equal((rule, layers, l, predictions, pullBacks),
                        (rule, layers, l, activation.Predictions, activation.PullBacks(0)));
                }
            }
        }
    }

    /// <summary>Parameters learn from errors that are not 0, and so move together with the input of their
    /// product.</summary>
    [Fact]
    public void Where_parameters_learn_at_every_timestep_they_move_products_too()
    {
        for (var layers = 2; layers <= 5; layers++)
        {
            for (var steps = 1; steps <= 7; steps++)
            {
                var found = Step(layers,
                    Catalogues.Rules.Parse($"ipc:inferenceSteps={steps},inferenceRate=0.1"), Clock.Lockstep);
                // Inference and learning end with time T - 1.
                var last = steps - 1;
                for (var l = 1; l <= layers; l++)
                {
                    var product = found.Products[l - 1];
                    Assert.Equal(1 + From(layers - l + 1, last), product.Predictions);
                    Assert.Equal((l == layers ? 1 : 0) + From(layers - l, last), product.PullBacks(1));
                }
            }
        }
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public void Under_zil_each_is_computed_once(Clock clock)
    {
        for (var layers = 2; layers <= 6; layers++)
        {
            var found = Step(layers, LearningRule.Zil, clock);
            for (var l = 1; l <= layers; l++) Assert.Equal((1, l == 1 ? 0 : 1, 1), Counts(found.Products[l - 1]));
            foreach (var activation in found.Activations)
                Assert.Equal((1, 1), (activation.Predictions, activation.PullBacks(0)));
        }
    }

    /// <summary>What computes all anew counts as the textbook does: every moving product at every timestep.</summary>
    [Fact]
    public void Without_reuse_all_that_may_move_is_computed_at_every_timestep()
    {
        var (layers, steps) = (5, 3);
        var found = Step(layers, LearningRule.Il(steps, 0.1), Clock.Lockstep, reuses: false);
        for (var l = 1; l <= layers; l++)
            Assert.Equal(l == 1 ? (1, 0, 1) : (1 + steps, steps, 1), Counts(found.Products[l - 1]));
    }

    /// <summary>Timesteps after the first one, 0, from some time on to the last.</summary>
    private static int From(int first, int last) => Math.Max(0, last - Math.Max(1, first) + 1);

    private static (int Predictions, int ToInput, int ToWeights) Counts(CountedFunction product) =>
        (product.Predictions, product.PullBacks(0), product.PullBacks(1));

    private static (List<CountedFunction> Products, List<CountedFunction> Activations) Step(
        int layers, LearningRule rule, Clock clock, bool reuses = true)
    {
        var builder = new GraphBuilder<double>(7);
        var node = builder.Data("x", new Shape(3, 4));
        var (products, activations) = (new List<CountedFunction>(), new List<CountedFunction>());
        for (var l = 1; l <= layers; l++)
        {
            var weights = builder.Parameter($"w{l}", new Shape(4, 4), Initializer.GlorotUniform, 4, 4);
            products.Add(new CountedFunction(Function("MatMul")));
            node = builder.Apply(products[^1], [node, weights], $"product{l}");
            if (l == layers) break;
            activations.Add(new CountedFunction(Function("Tanh")));
            node = builder.Apply(activations[^1], [node], $"activation{l}");
        }
        var graph = builder.Build(node);
        var trial = new Trial { Rule = rule, Clock = clock, Loss = Loss.SquaredError, Reuses = reuses };
        if (!rule.RestsBehindWave)
            graph = graph.With(v => v.Name.StartsWith("activation", StringComparison.Ordinal)
                ? v with { IsLatent = true }
                : v);
        else graph = Levelling.Level(graph);
        trial.Network(graph).Step(RandomBatch.Create(graph, trial.Loss, 1, 1));
        return (products, activations);
    }

    private static ElementaryFunction<double> Function(string name) =>
        OperatorCatalogue.Create<double>(name, Attributes.Empty);
}
