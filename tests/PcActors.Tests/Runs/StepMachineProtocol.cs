using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Runs;

/// <summary>The step machine by itself, in a time that the test tells it.</summary>
public class StepMachineProtocol
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Graph<double> _graph;
    private readonly Sent _sent = new();

    public StepMachineProtocol()
    {
        // x -> h = x * w -> out = h + b.
        var builder = new GraphBuilder<double>();
        var h = builder.Data("x", new Shape(1, 2)).Multiply(builder.Parameter("w", Tensor<double>.Scalar(1)), "h");
        _graph = builder.Build(h.Add(builder.Parameter("b", Tensor<double>.Scalar(0)), "out"));
    }

    [Fact]
    public void An_attempt_is_abandoned_after_the_timeout_without_a_sign_and_no_earlier()
    {
        var machine = Start(Clock.Wavefront, retries: 1);
        var step = new TrainingStep<double>(Batch());
        machine.Do(step);
        var first = new StepId(1, 1);
        // The tick before it may have been long ago: the first one after a beginning tells nothing.
        machine.Tick(Timeout);
        machine.Tick(TimeSpan.FromSeconds(9));
        Assert.True(machine.Receive(new UpdateReport(first, Id("b"))));
        // The report began the wait anew; one of another attempt does not.
        machine.Tick(TimeSpan.FromSeconds(5));
        machine.Tick(TimeSpan.FromSeconds(5));
        machine.Receive(new LossReport(new StepId(0, 1), 0, 1));
        machine.Tick(TimeSpan.FromSeconds(4.9));
        Assert.DoesNotContain(_sent.Messages, m => m.Message is BeginStep { Step.Run: 2 });
        machine.Tick(TimeSpan.FromSeconds(0.1));
        Assert.Contains(_sent.Messages, m => m.Message is BeginStep { Step: { Run: 2, Step: 1 }, Commit: null });
        machine.Tick(TimeSpan.Zero);
        machine.Tick(Timeout);
        var failure = Assert.IsType<RunFailedException>(step.Task.Exception!.InnerException);
        Assert.Equal("step 1 made no progress for 10 s, 2 times over; missing is the prediction of 'out'",
            failure.Message);
    }

    [Fact]
    public async Task While_nothing_is_to_be_done_no_time_passes()
    {
        var machine = Start(Clock.Wavefront, retries: 0);
        for (var i = 0; i < 5; i++) machine.Tick(Timeout);
        var step = new TrainingStep<double>(Batch());
        machine.Do(step);
        End(machine, new StepId(1, 1));
        Assert.Equal(new StepResult(1, 1, 1), await step.Task);
    }

    [Fact]
    public async Task Predictions_are_no_steps_and_come_after_the_step_before_them()
    {
        var machine = Start(Clock.Wavefront, retries: 0, step: 7);
        machine.Do(new Prediction<double>(Batch()));
        Predict(machine, new StepId(1, 7, 1));
        machine.Do(new Prediction<double>(Batch()));
        Predict(machine, new StepId(1, 7, 2));
        var step = new TrainingStep<double>(Batch());
        machine.Do(step);
        End(machine, new StepId(1, 8));
        Assert.Equal(8, (await step.Task).Step);
        machine.Do(new Prediction<double>(Batch()));
        Predict(machine, new StepId(1, 8, 1));
        StepId[] begun = [.. _sent.Messages.Select(m => m.Message).OfType<BeginStep>().Select(b => b.Step).Distinct()];
        Assert.Equal(begun.Order(), begun);
        Assert.Equal(new StepId(1, 8), _sent.Messages.Select(m => m.Message).OfType<BeginStep>().Last().Commit);
    }

    [Fact]
    public void After_a_loss_that_is_no_number_vertices_are_asked_once()
    {
        var machine = Start(Clock.Lockstep, retries: 3);
        var step = new TrainingStep<double>(Batch());
        machine.Do(step);
        machine.Receive(new LossReport(new StepId(1, 1), 0, double.NaN));
        machine.Receive(new ForwardReport(new StepId(1, 1), 0, _graph.RootId));
        foreach (var name in new[] { "w", "b" }) machine.Receive(new UpdateReport(new StepId(1, 1), Id(name)));
        Assert.Equal(_graph.Vertices.Select(v => v.Id),
            _sent.Messages.Where(m => m.Message is RequestFiniteness).Select(m => m.Vertex));
        Assert.DoesNotContain(_sent.Messages, m => m.Message is Advance);
        var inquiry = _sent.Messages.Select(m => m.Message).OfType<RequestFiniteness>().First().Inquiry;
        foreach (var vertex in _graph.Vertices)
            machine.Receive(new FinitenessReport(inquiry, vertex.Id, vertex.Name is not ("h" or "out")));
        var diverged = Assert.IsType<DivergedException>(step.Task.Exception!.InnerException);
        Assert.Equal((1L, "h"), (diverged.Step, diverged.Vertex));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_report_of_a_micro_batch_that_is_not_there_ends_the_run_by_name(int microBatch)
    {
        object[] reports = [new LossReport(new StepId(1, 1), microBatch, 1),
            new ForwardReport(new StepId(1, 1), microBatch, _graph.RootId)];
        foreach (var report in reports)
        {
            var machine = Start(Clock.Lockstep, retries: 1);
            var step = new TrainingStep<double>(Batch());
            machine.Do(step);
            machine.Receive(report);
            var failure = Assert.IsType<RunFailedException>(step.Task.Exception!.InnerException);
            Assert.Contains($"'out' reported micro-batch {microBatch}; there are 1", failure.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void That_a_loss_is_not_finite_is_said_though_no_vertex_says_where()
    {
        var machine = Start(Clock.Lockstep, retries: 1);
        var step = new TrainingStep<double>(Batch());
        machine.Do(step);
        // The step takes all of its attempts.
        machine.Tick(TimeSpan.Zero);
        machine.Tick(Timeout);
        machine.Receive(new LossReport(new StepId(2, 1), 0, double.NaN));
        for (var i = 0; i < 4; i++)
        {
            machine.Tick(TimeSpan.Zero);
            machine.Tick(Timeout);
        }
        var diverged = Assert.IsType<DivergedException>(step.Task.Exception!.InnerException);
        Assert.Equal((1L, null), (diverged.Step, diverged.Vertex));
    }

    [Fact]
    public async Task A_late_answer_to_an_earlier_question_is_none_and_only_who_is_missing_is_asked_again()
    {
        var machine = Start(Clock.Wavefront, retries: 3);
        var first = new ParameterCollection<double>();
        machine.Do(first);
        var inquiry = Inquiry();
        Answer(machine, inquiry, "w", 1);
        machine.Tick(TimeSpan.Zero);
        _sent.Messages.Clear();
        machine.Tick(Timeout);
        Assert.Equal([Id("b")], _sent.Messages.Select(m => m.Vertex));
        Answer(machine, inquiry, "b", 2);
        Assert.Equal(2, (await first.Task)[Id("b")].Span[0]);

        var second = new ParameterCollection<double>();
        machine.Do(second);
        Answer(machine, inquiry, "b", 2);
        Answer(machine, inquiry, "w", 1);
        Assert.False(second.Task.IsCompleted);
        Answer(machine, Inquiry(), "b", 4);
        Answer(machine, Inquiry(), "w", 3);
        var values = await second.Task;
        Assert.Equal((3, 4), (values[Id("w")].Span[0], values[Id("b")].Span[0]));
    }

    [Fact]
    public async Task A_snapshot_is_one_job_between_two_steps()
    {
        var machine = Start(Clock.Wavefront, retries: 0);
        var (snapshot, step) = (new StateCollection<double>(), new TrainingStep<double>(Batch()));
        machine.Do(snapshot);
        machine.Do(step);
        var asked = _sent.Messages.Select(m => m.Message).OfType<RequestSnapshot>().First().Inquiry;
        foreach (var (name, value) in new[] { ("w", 1.0), ("b", 2.0) })
            machine.Receive(
                new SnapshotReport<double>(asked, Id(name),
                    new ParameterSnapshot<double>(Tensor<double>.Scalar(value), 0, [])));
        var counted = _sent.Messages.Select(m => m.Message).OfType<RequestCounters>().First().Inquiry;
        foreach (var vertex in _graph.Vertices)
        {
            Assert.DoesNotContain(_sent.Messages, m => m.Message is BeginStep);
            machine.Receive(new CountersReport(counted, vertex.Id, 3, 5));
        }
        Assert.Contains(_sent.Messages, m => m.Message is BeginStep { Step.Step: 1 });
        var state = await snapshot.Task;
        Assert.Equal((0, new MessageCounts(3 * _graph.Vertices.Count, 5 * _graph.Vertices.Count)),
            (state.Step, state.Messages));
        Assert.Equal(2, state.States[Id("b")].Value.Span[0]);
    }

    [Theory]
    [InlineData(false, "the vertex 'x' answered when others were asked for the parameters")]
    [InlineData(true, "vertex 77, which the graph does not have, answered when others were asked for the parameters")]
    public void An_answer_of_a_vertex_that_was_not_asked_ends_the_run_by_name(bool isUnknown, string message)
    {
        var machine = Start(Clock.Wavefront, retries: 0);
        var collection = new ParameterCollection<double>();
        machine.Do(collection);
        machine.Receive(new ParameterReport<double>(Inquiry(), isUnknown ? 77 : Id("x"), Tensor<double>.Scalar(1)));
        var failure = Assert.IsType<RunFailedException>(collection.Task.Exception!.InnerException);
        Assert.Equal((message, isUnknown ? null : "x"), (failure.Message, failure.Vertex));
    }

    [Fact]
    public void An_answer_to_something_else_ends_the_run_by_name()
    {
        var machine = Start(Clock.Wavefront, retries: 0);
        var collection = new ParameterCollection<double>();
        machine.Do(collection);
        machine.Receive(new CountersReport(Inquiry(), Id("w"), 1, 1));
        var failure = Assert.IsType<RunFailedException>(collection.Task.Exception!.InnerException);
        Assert.Equal(("the vertex 'w' was asked for the parameters and answered something else", "w"),
            (failure.Message, failure.Vertex));
    }

    private int Id(string name) => _graph.Find(name).Id;

    private int Inquiry() => _sent.Messages.Select(m => m.Message).OfType<RequestParameter>().Last().Inquiry;

    private Batch<double> Batch() => new(_graph, Loss.SquaredError, 1);

    private StepMachine<double> Start(Clock clock, int retries, long step = 0)
    {
        var options = new VertexOptions(LearningRule.Zil, clock, Loss.SquaredError, new Sgd(0.1), 1, _graph.Depth);
        var machine = new StepMachine<double>(StepPlan.Of(_graph, options), options, new RetryPolicy(Timeout, retries),
            _sent, step);
        machine.Start();
        return machine;
    }

    private void End(StepMachine<double> machine, StepId step)
    {
        machine.Receive(new LossReport(step, 0, 1));
        machine.Receive(new UpdateReport(step, Id("w")));
        machine.Receive(new UpdateReport(step, Id("b")));
    }

    private void Predict(StepMachine<double> machine, StepId step) =>
        machine.Receive(new PredictionReport<double>(step, 0, new Tensor<double>(_graph.Root.Shape)));

    private void Answer(StepMachine<double> machine, int inquiry, string parameter, double value) =>
        machine.Receive(new ParameterReport<double>(inquiry, Id(parameter), Tensor<double>.Scalar(value)));

    private sealed class Sent : IStepOutbox
    {
        public List<(int Vertex, object Message)> Messages { get; } = [];

        public void Tell(int vertex, object message) => Messages.Add((vertex, message));
    }
}
