using Akka.Actor;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tracing.Audit.Recomputing;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Mutation: vertices that cheat while they infer and learn, in a running system. The run does not notice,
/// the audit or the recomputation does.</summary>
public sealed class CheatingCoding
{
    private static readonly NetworkOptions Options = new()
    {
        Rule = LearningRule.Il(4, 0.1),
        Latents = Latents.Activations,
        Loss = Loss.SquaredError,
    };

    [Fact]
    public async Task Honest_vertices_are_not_accused()
    {
        foreach (var work in new[] { TrainAsync, InferAsync })
        {
            var run = await RunAsync(Options, (_, _, message) => message, work);
            Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
            Assert.Equal([], Recompute(run));
        }
    }

    [Fact]
    public async Task A_value_that_moves_while_it_is_clamped()
    {
        var latent = Id("h1/tanh");
        // It takes what is wholly clamped for wholly free.
        var run = await RunAsync(Options, (vertex, _, message) =>
            vertex == latent && message is ClampData<float> clamp
                ? clamp with { Mask = new Tensor<float>(clamp.Value!.Shape) }
                : message, InferAsync);
        Assert.Contains(run.Audit()["values"].First,
            v => v.What.Contains("'h1/tanh' moved at time", StringComparison.Ordinal));
        Assert.All(Recompute(run), what => Assert.Contains("'h1/tanh'", what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_that_moves_where_a_mask_clamps_it()
    {
        var latent = Id("h1/tanh");
        var run = await RunAsync(Options, (vertex, _, message) =>
            vertex == latent && message is ClampData<float> clamp
                ? clamp with { Mask = new Tensor<float>(clamp.Value!.Shape) }
                : message, network => InferAsync(network, Half(new Shape(2, 4))));
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        Assert.NotEmpty(Recompute(run));
        Assert.All(Recompute(run), what => Assert.Contains("'h1/tanh'", what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_data_leaf_that_sends_what_it_was_not_clamped_to()
    {
        var leaf = Id("x");
        var run = await RunAsync(Options, (vertex, _, message) =>
            vertex == leaf && message is ClampData<float> clamp
                ? clamp with { Value = new Tensor<float>(clamp.Value!.Shape) }
                : message, TrainAsync);
        Assert.True(run.Audit()["values"].Violations > 0);
    }

    /// <summary>What comes to the one is told to the other, which takes it for its own.</summary>
    [Fact]
    public async Task A_latent_vertex_that_is_told_anothers_error()
    {
        var (thief, victim) = (Id("h1/tanh"), Id("h2/tanh"));
        var own = Graph().Consumers(thief).Select(e => e.Number).ToHashSet();
        IActorRef? other = null;
        PullBack<float>? stolen = null;
        var run = await RunAsync(Options, (vertex, self, message) =>
        {
            if (vertex == thief) Volatile.Write(ref other, self);
            if (message is not ErrorMessage<float> error) return message;
            if (vertex == victim && Volatile.Read(ref other) is { } known) known.Tell(error, self);
            if (vertex != thief) return message;
            if (own.Contains(error.Edge)) return stolen is { } found ? error with { Error = found } : error;
            stolen = error.Error;
            return null;
        }, TrainAsync);
        Assert.Contains(run.Audit()["edges"].First,
            v => v.What.Contains("'h1/tanh' was sent an error", StringComparison.Ordinal));
        Assert.NotEmpty(Recompute(run));
    }

    /// <summary>No message shows it: the one leaves its error where the other finds it.</summary>
    [Theory]
    [InlineData("il")]
    [InlineData("ipc")]
    [InlineData("epc")]
    [InlineData("pc-alm")]
    public async Task A_latent_vertex_that_reads_anothers_error(string rule)
    {
        var options = Options with
        {
            Rule = Catalogues.Rules.Find(rule).Create(("inferenceSteps", 4), ("inferenceRate", 0.1)),
        };
        var leak = new float[1];
        var builder = new GraphBuilder<float>(3);
        var first = builder.Apply(new LeakyError(leak, isThief: true), [
            builder.Data("x", new Shape(2, 3)).Dense("h1", 4)], "thief");
        var graph = builder.Build(
            builder.Apply(new LeakyError(leak, isThief: false), [first.Dense("h2", 4)], "victim").Dense("y", 2));
        var run = await RecordedRun.OfAsync(graph, options, TrainAsync, trace => trace with { Payloads = true });
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        var found = Recompute(run);
        Assert.NotEmpty(found);
        Assert.All(found, what => Assert.Contains("'thief'", what, StringComparison.Ordinal));
    }

    /// <summary>The vertex that reads the parameter lets it learn while values still move, and not when they
    /// have.</summary>
    [Fact]
    public async Task A_parameter_that_learns_while_values_still_move()
    {
        var reader = Graph().Consumers(Id("h2/weight")).Single().To;
        var run = await RunAsync(Options, (vertex, _, message) =>
            vertex != reader || message is not Advance advance ? message
            : advance with
            {
                Purpose = advance.Time == 1 ? TimestepPurpose.InferAndLearn
                    : advance.Purpose == TimestepPurpose.Learn ? TimestepPurpose.None
                    : advance.Purpose,
            }, TrainAsync);
        var audit = run.Audit();
        Assert.Contains(audit["steps"].First, v => v.What.Contains(
            "'h2/weight' learnt from errors of time 2, when nobody learns", StringComparison.Ordinal));
        Assert.True(audit["once"].Violations > 0);
        Assert.NotEmpty(Recompute(run));
    }

    /// <summary>It takes the error of the timestep before its level for its own: the wave had not come.</summary>
    [Fact]
    public async Task A_parameter_that_learns_from_the_errors_of_another_timestep_than_its_levels()
    {
        var options = Options with
        {
            Rule = LearningRule.Zil with { RestsBehindWave = false },
            Clock = Clock.Lockstep,
        };
        var levelled = Levelling.Level(Graph());
        var early = levelled.Find("h1/weight");
        var level = levelled.Level(early.Id);
        PullBack<float>? before = null;
        var run = await RunAsync(options, (vertex, _, message) =>
        {
            if (vertex != early.Id || message is not ErrorMessage<float> error) return message;
            if (error.Time == level - 1) before = new(new Tensor<float>(error.Error.Shape), null);
            return error.Time == level ? error with { Error = before!.Value } : error;
        }, TrainAsync);
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        var found = Recompute(run);
        Assert.NotEmpty(found);
        Assert.All(found, what => Assert.Contains("'h1/weight'", what, StringComparison.Ordinal));
    }

    /// <summary>Its messages are in order: it only does not heed one of the timesteps.</summary>
    [Fact]
    public async Task A_parameter_that_leaves_a_timestep_out()
    {
        var options = Options with
        {
            Rule = Catalogues.Rules.Find("ipc").Create(("inferenceSteps", 4), ("inferenceRate", 0.1)),
        };
        var lazy = Id("h2/weight");
        var run = await RunAsync(options, (vertex, _, message) =>
            vertex == lazy && message is ErrorMessage<float> { Time: 2 } error
                ? error with { Error = new(new Tensor<float>(error.Error.Shape), null) }
                : message, TrainAsync);
        Assert.Equal([], run.Audit().Checks.SelectMany(c => c.First));
        var found = Recompute(run);
        Assert.NotEmpty(found);
        Assert.All(found, what => Assert.Contains("'h2/weight'", what, StringComparison.Ordinal));
    }

    private static int Id(string name) => Graph().Find(name).Id;

    private static Graph<float> Graph()
    {
        var builder = new GraphBuilder<float>(3);
        return builder.Build(builder.Data("x", new Shape(2, 3)).Dense("h1", 4).Tanh("h1/tanh").Dense("h2", 4)
            .Tanh("h2/tanh").Dense("y", 2));
    }

    private static async Task TrainAsync(INetwork<float> network)
    {
        for (var step = 0UL; step < 2; step++)
            await network.StepAsync(RandomBatch.Create(network.RunGraph, Options.Loss, 1, step));
    }

    private static Task InferAsync(INetwork<float> network) => InferAsync(network, null);

    private static Task<Inference<float>> InferAsync(INetwork<float> network, Tensor<float>? mask)
    {
        var target = new Tensor<float>(new Shape(2, 2));
        target.Writable.Fill(1);
        return network.InferAsync(
            new Dictionary<string, Clamp<float>>
            {
                ["x"] = new(new(new Shape(2, 3))),
                ["h1/tanh"] = new(new(new Shape(2, 4)), mask),
                ["y"] = new(target),
            },
            ["h2/tanh"]);
    }

    private static Tensor<float> Half(Shape shape)
    {
        var mask = new Tensor<float>(shape);
        for (var i = 0; i < mask.Length; i += 2) mask.Writable[i] = 1;
        return mask;
    }

    private static async Task<RecordedRun> RunAsync(
        NetworkOptions options, Func<int, IActorRef, object, object?> read, Func<INetwork<float>, Task> work)
    {
        var system = CheatingVertices.CreateSystem(read);
        try
        {
            return await RecordedRun.OfAsync(
                Graph(),
                options with
                {
                    Where = new InProcess { ActorSystem = system, VertexMailbox = CheatingVertices.Path },
                    // Nothing is lost here.
                    StepTimeout = TimeSpan.FromSeconds(30),
                    MaxRetries = 0,
                },
                work, trace => trace with { Payloads = true });
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static List<string> Recompute(RecordedRun run)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("run.trace.gz");
        run.Save(path);
        return [.. Recomputation.Run(path).Check.First.Select(v => v.What)];
    }
}
