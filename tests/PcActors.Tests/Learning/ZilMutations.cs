using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning.Mutants;

namespace PcActors.Tests.Learning;

/// <summary>Rules that are wrong in one place: the comparison with backpropagation catches every one.</summary>
public class ZilMutations
{
    private static readonly Graph<double> Residual = ResidualStack.Build<double>(blocks: 3);

    private static readonly Trial Lockstep = new()
    {
        Clock = Clock.Lockstep,
        Rule = LearningRule.Zil with { RestsBehindWave = false },
        Delivery = new Delivery { TimestepEnd = TimestepEnd.Quiet },
    };

    [Fact]
    public void The_graph_of_these_mutations_holds_the_theorem_without_them()
    {
        Assert.Null(new Trial().FirstDifference(Residual));
        Assert.Null(Lockstep.FirstDifference(Residual));
    }

    [Fact]
    public void A_sum_in_order_of_arrival_is_caught()
    {
        var graph = Fan(consumers: 8);
        for (var seed = 0UL; seed < 20; seed++)
        {
            // At this rate the last bits of the update are not rounded away.
            var trial = new Trial { Optimizer = new Sgd(1), Delivery = new Delivery { Seed = seed } };
            Assert.Null(trial.FirstDifference(graph));
            Assert.True(IsCaught(trial, graph, v => new ArrivalOrder<float>(v)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_stored_value_is_caught() =>
        Assert.True(
            IsCaught(new Trial(), Residual,
                v => v.Description.Kind == VertexKind.Function ? new StoredValue<double>(v) : v));

    [Fact]
    public void A_stored_value_does_the_more_damage_the_deeper_the_network()
    {
        // At this rate the update is not rounded to the parameter's own last bits.
        var trial = new Trial { Optimizer = new Sgd(1e6) };
        double Damage(int depth, Func<IVertex<float>, IVertex<float>>? replace) =>
            UpdateDistance.Of(trial, Chain(depth), replace: replace, parameters: "weight1/");
        IVertex<float> Store(IVertex<float> v) =>
            v.Description.Kind == VertexKind.Function ? new StoredValue<float>(v) : v;

        Assert.InRange(Damage(2, Store), 1e-9, 1e-5);
        Assert.InRange(Damage(16, Store), 1e-5, 1e-1);
        Assert.InRange(Damage(32, Store), 1e-1, double.PositiveInfinity);
        Assert.Equal(0, Damage(32, null));
    }

    [Fact]
    public void A_missing_level_is_caught()
    {
        var levelled = Levelling.Level(Residual);
        for (var identity = 0; identity < levelled.IdentityCount; identity++)
        {
            var mutant = MissingLevel.Of(levelled, identity);
            Assert.False(mutant.IsLevelled);
            Assert.Contains("its level is", new Trial().FirstDifference(Residual, mutant), StringComparison.Ordinal);
        }
        levelled = Levelling.Level(Residual, everyLevel: true);
        for (var identity = 0; identity < levelled.IdentityCount; identity++)
            Assert.Contains("not", Lockstep.FirstDifference(Residual, MissingLevel.Of(levelled, identity)),
                StringComparison.Ordinal);
    }

    [Fact]
    public void An_inference_rate_that_is_not_quite_1_is_caught() => Assert.NotNull(
        (Lockstep with { Rule = LearningRule.Zil with { InferenceRate = 0.99999 } }).FirstDifference(Residual));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_parameter_that_learns_a_timestep_early_or_late_is_caught(int shift)
    {
        foreach (var name in new[] { "out/weight", "bias3", "bias2", "shared" })
            Assert.NotNull(
                Lockstep.FirstDifference(Residual,
                    replace: v => v.Description.Name == name ? new ShiftedTime<double>(v, shift) : v));
    }

    [Fact]
    public void A_lost_error_is_caught()
    {
        foreach (var vertex in Levelling.Level(Residual).Vertices.Where(
            v => Residual.Vertices.Any(r => r.Name == v.Name && Residual.RequiresError(r.Id))
                && v.Name != Residual.Root.Name))
            Assert.True(
                IsCaught(new Trial(), Residual, v => v.Description.Name == vertex.Name ? new LostError<double>(v) : v),
                vertex.Name);
    }

    [Fact]
    public void A_duplicate_that_counts_twice_is_caught()
    {
        var doubled =
            new Delivery { Faults = e => e.Message is ErrorMessage<double> ? Fate.ArrivesTwice : Fate.Arrives };
        IVertex<double> Replace(IVertex<double> v) =>
            v.Description.Name == "shared" ? new CountingParameter<double>(v, 0.05) : v;
        Assert.Null(new Trial().FirstDifference(Residual, replace: Replace));
        Assert.Null(new Trial { Delivery = doubled }.FirstDifference(Residual));
        Assert.NotNull(new Trial { Delivery = doubled }.FirstDifference(Residual, replace: Replace));
    }

    [Fact]
    public void An_update_that_is_taken_over_before_the_step_has_ended_is_caught()
    {
        IVertex<double> Replace(IVertex<double> v) =>
            v.Description.Name == "out/weight" ? new EagerParameter<double>(v) : v;
        Assert.Null(new Trial().FirstDifference(Residual, replace: Replace));
        // What is lost is behind the parameter, so that the step is begun again after it has learnt.
        Trial WithLoss()
        {
            var lost = false;
            Fate Fault(Envelope e) =>
                !lost && e.Message is ErrorMessage<double> { Time: 3 } && (lost = true) ? Fate.IsLost : Fate.Arrives;
            return new Trial { Delivery = new Delivery { MaxAttempts = 2, Faults = Fault } };
        }
        Assert.Null(WithLoss().FirstDifference(Residual));
        Assert.NotNull(WithLoss().FirstDifference(Residual, replace: Replace));
    }

    [Fact]
    public void A_value_from_before_the_last_update_is_caught() =>
        Assert.True(
            IsCaught(new Trial(), Residual, v => v.Description.Name == "bias2" ? new StaleParameter<double>(v) : v));

    [Fact]
    public void A_wrong_optimizer_is_caught()
    {
        var graph = RandomGraph<double>.Create(5);
        var reference = new Backpropagation<double>(graph, Loss.CrossEntropy, new Sgd(0.05));
        var network = new Trial { Optimizer = new Sgd(0.05 + 1e-12) }.Network(Levelling.Level(graph));
        var batch = RandomBatch.Create(graph, Loss.CrossEntropy, 1, 0);
        reference.Step(batch);
        network.Step(batch);
        Assert.Contains(graph.Parameters, p =>
            !reference.Parameter(p.Id).Span.SequenceEqual(network.Parameter(network.Graph.Find(p.Name).Id).Span));
    }

    /// <summary>One parameter that many vertices of one level read.</summary>
    private static Graph<float> Fan(int consumers)
    {
        var builder = new GraphBuilder<float>(2);
        var x = builder.Data("x", new Shape(3, 4));
        var shared = builder.Parameter("shared", new Shape(4, 4), Initializer.Normal(1), 4, 4);
        var branches = Enumerable.Range(1, consumers)
            .Select(i => builder.Parameter($"scale{i}", new Shape(4), Initializer.Normal(1), 4, 4))
            .Select(scale => x.Multiply(scale).MatMul(shared)).ToArray();
        return builder.Build(branches[0].Concat(1, branches.AsSpan(1)).Tanh().Dense("out", 3));
    }

    /// <summary>Layers whose values stay large while the errors that reach them shrink with depth.</summary>
    private static Graph<float> Chain(int depth)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(4, 8));
        for (var layer = 1; layer <= depth; layer++)
        {
            var weight = builder.Parameter($"weight{layer}/", new Shape(8, 8), Initializer.GlorotUniform, 16, 16);
            var bias = builder.Parameter($"bias{layer}/", new Shape(8), Initializer.Uniform(0.5), 8, 8);
            h = h.MatMul(weight).Add(bias).Tanh();
        }
        return builder.Build(h.Dense("out", 3));
    }

    private static bool IsCaught<T>(Trial trial, Graph<T> graph, Func<IVertex<T>, IVertex<T>> replace)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        trial.FirstDifference(graph, replace: replace) is not null;
}
