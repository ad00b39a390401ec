using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Runs;

/// <summary>The coordinator among probes that stand for vertices: what it tells whom, and what
/// it makes of reports.</summary>
public class CoordinatorProtocol : TestKit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static readonly Graph<double> Graph = Build();

    private readonly TestProbe[] _vertices;

    public CoordinatorProtocol()
        : base("""
            akka.loglevel = WARNING
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            """) => _vertices = [.. Graph.Vertices.Select(_ => CreateTestProbe())];

    [Fact]
    public async Task A_step_ends_with_the_last_report_and_its_update_counts_when_the_next_begins()
    {
        var coordinator = Start(Clock.Wavefront);
        var first = Begin(coordinator);
        ExpectClamps(new StepId(1, 1), commit: null);
        Update(coordinator, new(1, 1), "b");
        Loss(coordinator, new(1, 1), 2.5);
        Assert.False(first.Task.IsCompleted);
        Update(coordinator, new(1, 1), "w");
        Assert.Equal(new StepResult(1, 2.5, 1), await first.Task);

        Begin(coordinator);
        ExpectClamps(new StepId(1, 2), commit: new(1, 1));
    }

    [Fact]
    public async Task Stale_reports_and_duplicates_count_for_nothing()
    {
        var coordinator = Start(Clock.Wavefront);
        var step = Begin(coordinator);
        Loss(coordinator, new(1, 1), 1);
        Update(coordinator, new(1, 1), "w");
        Update(coordinator, new(1, 1), "w");
        Update(coordinator, new(0, 1), "b");
        Update(coordinator, new(1, 0), "b");
        Loss(coordinator, new(1, 0), 77);
        Synchronise(coordinator);
        Assert.False(step.Task.IsCompleted);
        Update(coordinator, new(1, 1), "b");
        Assert.Equal(new StepResult(1, 1, 1), await step.Task);
    }

    [Fact]
    public async Task Jobs_are_done_one_after_the_other()
    {
        var coordinator = Start(Clock.Wavefront);
        var step = Begin(coordinator);
        var collection = new ParameterCollection<double>();
        coordinator.Tell(collection);
        ExpectClamps(new StepId(1, 1), commit: null);
        Synchronise(coordinator);
        Assert.False(Of("w").HasMessages);
        Loss(coordinator, new(1, 1), 1);
        Update(coordinator, new(1, 1), "w");
        Update(coordinator, new(1, 1), "b");
        await step.Task;
        var asked = Of("w").ExpectMsg<RequestParameter>();
        Assert.Equal(new StepId(1, 1), asked.Commit);
        coordinator.Tell(new ParameterReport<double>(asked.Inquiry, Id("w"), Tensor<double>.Scalar(3)));
        coordinator.Tell(new ParameterReport<double>(asked.Inquiry, Id("b"), Tensor<double>.Scalar(4)));
        var values = await collection.Task;
        Assert.Equal(3, values[Id("w")].Span[0]);
        Assert.Equal(4, values[Id("b")].Span[0]);
    }

    [Fact]
    public async Task What_does_not_end_is_begun_again_from_the_same_parameters_and_fails_in_the_end()
    {
        var coordinator = Start(Clock.Wavefront, new RetryPolicy(Timeout, MaxRetries: 2));
        var step = Begin(coordinator);
        for (var run = 1; run <= 3; run++)
        {
            Assert.False(step.Task.IsCompleted);
            ExpectClamps(new StepId(run, 1), commit: null);
            PassTimeout(coordinator);
        }
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => step.Task);
        Assert.Contains("3 times", failure.Message, StringComparison.Ordinal);
        Assert.Contains("missing is the prediction of 'out'", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, await Assert.ThrowsAsync<RunFailedException>(() => Begin(coordinator).Task));
    }

    [Fact]
    public Task Another_attempt_is_logged_with_what_is_missing() =>
        EventFilter.Warning(contains: "is tried again; missing is").ExpectAsync(2, async () =>
        {
            var coordinator = Start(Clock.Wavefront, new RetryPolicy(Timeout, MaxRetries: 2));
            var step = Begin(coordinator);
            for (var run = 1; run <= 3; run++) PassTimeout(coordinator);
            await Assert.ThrowsAsync<RunFailedException>(() => step.Task);
        });

    [Fact]
    public async Task Reports_of_an_abandoned_attempt_do_not_end_the_next_one()
    {
        var coordinator = Start(Clock.Wavefront, new RetryPolicy(Timeout, MaxRetries: 5));
        var step = Begin(coordinator);
        ExpectClamps(new StepId(1, 1), commit: null);
        PassTimeout(coordinator);
        ExpectClamps(new StepId(2, 1), commit: null);
        Loss(coordinator, new(1, 1), 1);
        Update(coordinator, new(1, 1), "w");
        Update(coordinator, new(1, 1), "b");
        Synchronise(coordinator);
        Assert.False(step.Task.IsCompleted);
        Loss(coordinator, new(2, 1), 1);
        Update(coordinator, new(2, 1), "w");
        Update(coordinator, new(2, 1), "b");
        Assert.Equal(2, (await step.Task).Attempts);
    }

    [Fact]
    public void Under_lockstep_a_timestep_begins_when_everybody_has_done_the_last_one()
    {
        var coordinator = Start(Clock.Lockstep);
        Begin(coordinator);
        ExpectClamps(new StepId(1, 1), commit: null);
        var step = new StepId(1, 1);
        Loss(coordinator, step, 1);
        Synchronise(coordinator);
        Assert.False(Of("out").HasMessages);
        coordinator.Tell(new ForwardReport(step, 0, Id("out")));
        // At time 0 the root acts, and 'b', which feeds it, learns from that; then 'h' does, and 'w'.
        Assert.Equal(new Advance(step, 0), Of("out").ExpectMsg<Advance>());
        coordinator.Tell(new AdvanceReport(step, 0, Id("out")));
        Synchronise(coordinator);
        Assert.False(Of("h").HasMessages);
        Update(coordinator, step, "b");
        Assert.Equal(new Advance(step, 1), Of("h").ExpectMsg<Advance>());
        Assert.False(Of("out").HasMessages);
    }

    [Fact]
    public async Task A_coordinator_that_throws_fails_its_job_and_every_later_one()
    {
        var coordinator = Start(Clock.Wavefront);
        // It looks for vertices where there are none.
        coordinator.Tell(new VerticesReady([]));
        var step = Begin(coordinator);
        Assert.Contains("the coordinator failed",
            (await Assert.ThrowsAsync<RunFailedException>(() => step.Task)).Message, StringComparison.Ordinal);
        Assert.Contains("the coordinator failed",
            (await Assert.ThrowsAsync<RunFailedException>(() => Begin(coordinator).Task)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vertex_that_failed_fails_the_step_with_its_name()
    {
        var coordinator = Start(Clock.Wavefront);
        var step = Begin(coordinator);
        var cause = new InvalidOperationException("broken");
        coordinator.Tell(new VertexFailed("h", cause));
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => step.Task);
        Assert.Equal("h", failure.Vertex);
        Assert.Same(cause, failure.InnerException);
        Assert.Contains("'h' failed at step 1: broken", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>x -> h = x * w -> out = h + b.</summary>
    private static Graph<double> Build()
    {
        var builder = new GraphBuilder<double>();
        var h = builder.Data("x", new Shape(1, 2)).Multiply(builder.Parameter("w", Tensor<double>.Scalar(1)), "h");
        return builder.Build(h.Add(builder.Parameter("b", Tensor<double>.Scalar(0)), "out"));
    }

    private static int Id(string name) => Graph.Find(name).Id;

    private TestProbe Of(string name) => _vertices[Id(name)];

    private IActorRef Start(Clock clock, RetryPolicy? retries = null)
    {
        var options = new VertexOptions(LearningRule.Zil, clock, PcActors.Learning.Losses.Loss.SquaredError,
            new Sgd(0.1), 1, Graph.Depth);
        var plan = StepPlan.Of(Graph, options);
        var policy = retries ?? new RetryPolicy(TimeSpan.FromMinutes(1), 0);
        var coordinator = Sys.ActorOf(CoordinatorActor<double>.Props(plan, options, policy));
        coordinator.Tell(new VerticesReady([.. _vertices.Select(v => v.Ref)]));
        return coordinator;
    }

    private static TrainingStep<double> Begin(IActorRef coordinator)
    {
        var step = new TrainingStep<double>(new Batch<double>(Graph, PcActors.Learning.Losses.Loss.SquaredError, 1));
        coordinator.Tell(step);
        return step;
    }

    private void ExpectClamps(StepId step, StepId? commit)
    {
        foreach (var name in new[] { "w", "b" })
            Assert.Equal(new BeginStep(step, commit, 1), Of(name).ExpectMsg<BeginStep>());
        Assert.Equal((step, 0),
            (Of("x").ExpectMsg<ClampData<double>>() is var data ? data.Step : default, data.MicroBatch));
        Assert.Equal((step, 1),
            (Of("out").ExpectMsg<ClampTarget<double>>() is var target ? target.Step : default, target.BatchSize));
    }

    private static void Loss(IActorRef coordinator, StepId step, double loss) =>
        coordinator.Tell(new LossReport(step, 0, loss));

    private static void Update(IActorRef coordinator, StepId step, string parameter) =>
        coordinator.Tell(new UpdateReport(step, Id(parameter)));

    /// <summary>Five of its ticks are more than four quarters of the timeout: the first after a sign of
    /// progress tells nothing.</summary>
    private void PassTimeout(IActorRef coordinator)
    {
        for (var tick = 0; tick < 5; tick++)
        {
            Synchronise(coordinator);
            ((TestScheduler)Sys.Scheduler).Advance(Timeout / 4);
        }
        Synchronise(coordinator);
    }

    /// <summary>Waits until the coordinator has handled everything that was sent to it.</summary>
    private void Synchronise(IActorRef coordinator)
    {
        coordinator.Tell(new Identify(null), TestActor);
        ExpectMsg<ActorIdentity>();
    }
}
