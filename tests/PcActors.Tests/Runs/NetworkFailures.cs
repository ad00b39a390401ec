using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>What goes wrong in a run comes out of it: named, at once, and nothing waits for ever.</summary>
public class NetworkFailures
{
    // Long enough on any machine; only what hangs gets there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<Clock> Clocks => [Clock.Wavefront, Clock.Lockstep];

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task A_prediction_that_throws_names_its_vertex_and_the_cause(Clock clock)
    {
        await using var network = await StartAsync(new ThrowingFunction(predictionThatThrows: 3), clock);
        await FailsAtStep(network, 3, "no prediction today");
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task A_pull_back_that_throws_names_its_vertex_and_the_cause(Clock clock)
    {
        await using var network = await StartAsync(new ThrowingFunction(pullBackThatThrows: 2), clock);
        await FailsAtStep(network, 2, "no pull-back today");
    }

    [Fact]
    public async Task Steps_in_the_queue_fail_with_the_one_before_them()
    {
        await using var network = await StartAsync(new ThrowingFunction(predictionThatThrows: 1), Clock.Wavefront);
        var batch = BatchFor(network);
        var steps = Enumerable.Range(0, 4).Select(_ => network.StepAsync(batch)).ToList();
        foreach (var step in steps)
            Assert.Equal("bad", (await Assert.ThrowsAsync<RunFailedException>(() => step.WaitAsync(Patience))).Vertex);
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public async Task A_loss_that_is_not_finite_names_the_step_and_the_first_vertex(Clock clock)
    {
        var builder = new GraphBuilder<float>(1);
        var x = builder.Data("x", new Shape(2, 3));
        // A gradient of -1 a step raises this one by 60: exp(0), exp(60) fit, exp(120) does not.
        var growing = builder.Parameter("growing", Tensor<float>.Scalar(0));
        var graph = builder.Build(
            x.Multiply(builder.Constant("zero", Tensor<float>.Scalar(0)), "cleared").Subtract(growing, "difference")
                .Negate("sum").Exp("exp"));
        await using var network = await Network<float>.StartAsync(graph,
            new NetworkOptions { Clock = clock, Loss = new Constant(-20), Optimizer = new Sgd(1) });
        var batch = BatchFor(network);
        await network.StepAsync(batch).WaitAsync(Patience);
        var diverged = await Assert.ThrowsAsync<DivergedException>(async () =>
        {
            for (var step = 2; step < 10; step++) await network.StepAsync(batch).WaitAsync(Patience);
        });
        Assert.Equal("exp", diverged.Vertex);
        Assert.Contains($"step {diverged.Step}", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("'exp'", diverged.Message, StringComparison.Ordinal);
        Assert.Same(diverged,
            await Assert.ThrowsAsync<DivergedException>(() => network.StepAsync(batch).WaitAsync(Patience)));
    }

    [Fact]
    public async Task After_its_disposal_a_network_refuses_work_and_what_was_under_way_has_ended()
    {
        var network = await Network<float>.StartAsync(ResidualStack.Build<float>(2));
        var batch = BatchFor(network);
        var steps = Enumerable.Range(0, 50).Select(_ => network.StepAsync(batch)).ToList();
        await network.DisposeAsync();
        foreach (var step in steps)
        {
            try
            {
                await step.WaitAsync(Patience);
            }
            catch (RunFailedException stopped)
            {
                Assert.Contains("stopped", stopped.Message, StringComparison.Ordinal);
            }
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => network.StepAsync(batch).WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => network.PredictAsync(batch).WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => network.ParametersAsync().WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => network.CountMessagesAsync().WaitAsync(Patience));
        await network.DisposeAsync();
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_fails_the_run()
    {
        await using var network = await Network<float>.StartAsync(ResidualStack.Build<float>(1),
            new NetworkOptions { Where = new InProcess { VertexMailbox = "no.such.mailbox" } });
        var failure = await Assert.ThrowsAsync<RunFailedException>(
            () => network.StepAsync(BatchFor(network)).WaitAsync(Patience));
        Assert.Contains("no.such.mailbox", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_fit_are_refused()
    {
        var graph = ResidualStack.Build<float>(1);
        await Refused<ArgumentException>("lockstep", new() { Rule = LearningRule.Il(5, 0.1), Clock = Clock.Wavefront });
        await Refused<ArgumentException>("levelled", new() { Levelled = false });
        await Refused<ArgumentException>("", new() { MicroBatches = 0 });
        await Refused<ArgumentException>("", new() { Where = new InProcess { Threads = -1 } });
        await Refused<ArgumentException>("", new() { MaxRetries = -1 });
        await Refused<ArgumentException>("timeout", new() { StepTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRule.Il(0, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRule.Il(5, double.NaN));

        async Task Refused<TException>(string word, NetworkOptions options)
            where TException : Exception =>
            Assert.Contains(word,
                (await Assert.ThrowsAnyAsync<TException>(() => Network<float>.StartAsync(graph, options))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_in_which_nothing_can_learn_is_refused()
    {
        var builder = new GraphBuilder<float>();
        var graph = builder.Build(
            builder.Data("x", new Shape(2, 3)).Multiply(builder.Constant("c", Tensor<float>.Scalar(1)), "out"));
        Assert.Equal("out", (await Assert.ThrowsAsync<GraphException>(() => Network<float>.StartAsync(graph))).Vertex);
    }

    [Fact]
    public async Task A_batch_of_another_network_is_refused()
    {
        await using var network = await Network<float>.StartAsync(ResidualStack.Build<float>(1));
        var builder = new GraphBuilder<float>();
        var other = builder.Build(builder.Data("x", new Shape(7, 5)).Dense("out", 2));
        Assert.Throws<ArgumentException>(
            () => { _ = network.StepAsync(new Batch<float>(other, Loss.CrossEntropy, 1)); });
        Assert.Throws<ArgumentException>(
            () => { _ = network.StepAsync(new Batch<float>(network.Graph, Loss.CrossEntropy, 2)); });
    }

    private static Task<Network<float>> StartAsync(ThrowingFunction function, Clock clock)
    {
        var builder = new GraphBuilder<float>(1);
        var h = builder.Data("x", new Shape(2, 3)).Dense("h", 3);
        return Network<float>.StartAsync(builder.Build(builder.Apply(function, [h], "bad").Dense("out", 2)),
            new NetworkOptions { Clock = clock });
    }

    private static Batch<float> BatchFor(Network<float> network)
    {
        var batch = network.NewBatch();
        RandomBatch.Fill(batch, network.Graph, Loss.CrossEntropy, 1);
        return batch;
    }

    private static async Task FailsAtStep(Network<float> network, int last, string cause)
    {
        var batch = BatchFor(network);
        for (var step = 1; step < last; step++)
            Assert.Equal(step, (await network.StepAsync(batch).WaitAsync(Patience)).Step);
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => network.StepAsync(batch).WaitAsync(Patience));
        Assert.Equal("bad", failure.Vertex);
        Assert.Equal(cause, Assert.IsType<InvalidOperationException>(failure.InnerException).Message);
        Assert.Contains($"'bad' failed at step {last}: {cause}", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure,
            await Assert.ThrowsAsync<RunFailedException>(() => network.StepAsync(batch).WaitAsync(Patience)));
        Assert.Same(failure,
            await Assert.ThrowsAsync<RunFailedException>(() => network.PredictAsync(batch).WaitAsync(Patience)));
        Assert.Same(failure,
            await Assert.ThrowsAsync<RunFailedException>(() => network.ParametersAsync().WaitAsync(Patience)));
    }

    /// <summary>The sum of all predictions times a slope: its error is the slope everywhere.</summary>
    private sealed class Constant(double slope) : Loss(Described.Complete())
    {
        private static readonly Description<Loss> Described = new("constant", "",
            _ => throw new NotSupportedException());

        public override void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
        {
            losses.Clear();
            for (var i = 0; i < prediction.Length; i++)
                losses[i * losses.Length / prediction.Length] += slope * double.CreateChecked(prediction.Span[i]);
            error.Writable.Fill(T.CreateChecked(slope));
        }

        public override Shape TargetShape(Shape prediction) => new(prediction[0]);
    }
}
