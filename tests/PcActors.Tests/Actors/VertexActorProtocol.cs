using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Tests.Actors;

/// <summary>One vertex among probes: what it sends, to whom, in which order.</summary>
public class VertexActorProtocol : TestKit
{
    private static readonly StepId First = new(1, 1);

    private static readonly Graph<double> Graph = Build();

    private readonly TestProbe _inputs;
    private readonly TestProbe _consumers;
    private readonly TestProbe _coordinator;

    public VertexActorProtocol()
        : base("akka.loglevel = WARNING")
    {
        (_inputs, _consumers, _coordinator) = (CreateTestProbe("inputs"), CreateTestProbe("consumers"), CreateTestProbe("coordinator"));
    }

    [Fact]
    public void A_vertex_predicts_when_the_last_value_has_come()
    {
        var vertex = Start("h", Clock.Wavefront);
        Value(vertex, "h", 2, Zeros(2));
        Value(vertex, "h", 0, Tensor<double>.From(new Shape(1, 2), [1, 2]));
        IsQuiet(vertex);
        Value(vertex, "h", 1, Tensor<double>.From(new Shape(2, 2), [1, 0, 0, 10]));
        var sent = _consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal((First, 0, 0), (sent.Step, sent.MicroBatch, sent.Time));
        Assert.Equal([1, 20], sent.Value.Span.ToArray());
        var second = _consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal(EdgesTo("h"), new[] { sent.Edge, second.Edge });
        IsQuiet(vertex);
    }

    [Fact]
    public void A_vertex_pulls_its_error_back_when_the_last_error_has_come_and_down_the_wave_first()
    {
        var vertex = Predicted("h");
        Error(vertex, "h", 1, [10, 100]);
        IsQuiet(vertex);
        Error(vertex, "h", 0, [1, 2]);
        // 'x' is data and gets none; 'tail' lies on the wave's path; weight and bias do not.
        var sent = Enumerable.Range(0, 3).Select(_ => _inputs.ExpectMsg<ErrorMessage<double>>()).ToList();
        Assert.Equal(Graph.Inputs(Id("h")).Select(e => e.Number), sent.Select(m => m.Edge));
        Assert.All(sent, m => Assert.Equal((First, 0, Graph.Level(Id("h")) + 1), (m.Step, m.MicroBatch, m.Time)));
        Assert.Equal([11, 102 * 10], sent[0].Error.Whole!.Span.ToArray());
        Assert.NotNull(sent[1].Error.Factors);
        Assert.Equal([11, 102], sent[2].Error.Whole!.Span.ToArray());
        IsQuiet(vertex);
    }

    [Fact]
    public void Duplicates_and_messages_of_an_earlier_attempt_are_ignored()
    {
        var vertex = Predicted("h");
        Value(vertex, "h", 0, Zeros(1, 2));
        Error(vertex, "h", 0, [1, 2]);
        Error(vertex, "h", 0, [7, 7]);
        IsQuiet(vertex);
        // A new attempt begins with its first message; what is left of the old one is nothing any more.
        var second = new StepId(2, 1);
        Value(vertex, "h", 0, Zeros(1, 2), second);
        Error(vertex, "h", 1, [1, 2]);
        Value(vertex, "h", 1, Zeros(2, 2), First);
        Value(vertex, "h", 2, Zeros(2), First);
        IsQuiet(vertex);
        Value(vertex, "h", 1, Zeros(2, 2), second);
        Value(vertex, "h", 2, Zeros(2), second);
        Assert.Equal(second, _consumers.ExpectMsg<ValueMessage<double>>().Step);
    }

    [Fact]
    public void A_parameter_sends_its_value_once_a_step_and_learns_at_the_next_ones_beginning()
    {
        var vertex = Start("h/bias", Clock.Wavefront);
        vertex.Tell(new BeginStep(First, null), _coordinator);
        var value = _consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal((ValueMessage<double>.AllMicroBatches, 0), (value.MicroBatch, value.Time));
        vertex.Tell(new BeginStep(First, null), _coordinator);
        IsQuiet(vertex);

        Error(vertex, "h/bias", 0, [2, -2]);
        Assert.Equal(new UpdateReport(First, Id("h/bias")), _coordinator.ExpectMsg<UpdateReport>());
        Assert.Equal([0, 0], Committed(vertex));
        var second = new StepId(1, 2);
        vertex.Tell(new BeginStep(second, First), _coordinator);
        Assert.Equal([-1, 1], _consumers.ExpectMsg<ValueMessage<double>>().Value.Span.ToArray());
        vertex.Tell(new BeginStep(second, First), _coordinator);
        IsQuiet(vertex);
        Assert.Equal([-1, 1], Committed(vertex));
    }

    [Fact]
    public void An_aborted_attempt_leaves_the_parameter_as_it_was()
    {
        var vertex = Start("h/bias", Clock.Wavefront);
        vertex.Tell(new BeginStep(First, null), _coordinator);
        Error(vertex, "h/bias", 0, [2, -2]);
        var again = new StepId(2, 1);
        vertex.Tell(new BeginStep(again, null), _coordinator);
        Assert.Equal([0, 0], Committed(vertex));
        Error(vertex, "h/bias", 0, [2, -2], again);
        vertex.Tell(new CommitStep(again), _coordinator);
        vertex.Tell(new CommitStep(again), _coordinator);
        Assert.Equal([-1, 1], Committed(vertex));
    }

    [Fact]
    public void A_data_leaf_sends_what_it_is_clamped_to_once()
    {
        var vertex = Start("x", Clock.Wavefront);
        var data = Tensor<double>.From(new Shape(1, 2), [3, 4]);
        vertex.Tell(new ClampData<double>(First, 0, data), _coordinator);
        Assert.Same(data, _consumers.ExpectMsg<ValueMessage<double>>().Value);
        vertex.Tell(new ClampData<double>(First, 0, data), _coordinator);
        IsQuiet(vertex);
    }

    [Fact]
    public void The_root_reports_the_loss_and_sends_its_error_or_hands_out_its_prediction()
    {
        var vertex = Start("out", Clock.Wavefront);
        vertex.Tell(new ClampTarget<double>(First, 0, Tensor<double>.From(new Shape(1, 2), [1, 0]), 1), _coordinator);
        IsQuiet(vertex);
        for (var slot = 0; slot < 2; slot++) Value(vertex, "out", slot, Tensor<double>.From(new Shape(1, 2), [2, 1]));
        // out is the sum of both: (4, 2) against (1, 0).
        Assert.Equal(new LossReport(First, 0, (9 + 4) / 2.0), _coordinator.ExpectMsg<LossReport>());
        Assert.Equal([3, 2], _inputs.ExpectMsg<ErrorMessage<double>>().Error.Whole!.Span.ToArray());
        Assert.Equal(1, _inputs.ExpectMsg<ErrorMessage<double>>().Time);

        var second = new StepId(1, 2);
        for (var slot = 0; slot < 2; slot++) Value(vertex, "out", slot, Tensor<double>.From(new Shape(1, 2), [2, 1]), second);
        vertex.Tell(new RequestPrediction(second, 0), _coordinator);
        Assert.Equal([4, 2], _coordinator.ExpectMsg<PredictionReport<double>>().Prediction.Span.ToArray());
        IsQuiet(vertex);
    }

    [Fact]
    public void Under_lockstep_a_vertex_acts_when_it_is_told_to_and_its_errors_have_come()
    {
        var vertex = Predicted("h", Clock.Lockstep);
        var level = Graph.Level(Id("h"));
        Error(vertex, "h", 0, [1, 2]);
        Error(vertex, "h", 1, [1, 2]);
        IsQuiet(vertex);
        vertex.Tell(new Advance(First, level), _coordinator);
        Assert.Equal(level + 1, _inputs.ExpectMsg<ErrorMessage<double>>().Time);
        _inputs.ExpectMsg<ErrorMessage<double>>();
        _inputs.ExpectMsg<ErrorMessage<double>>();
        Assert.Equal(new AdvanceReport(First, level, Id("h")), _coordinator.ExpectMsg<AdvanceReport>());
        vertex.Tell(new Advance(First, level), _coordinator);
        IsQuiet(vertex);
    }

    [Fact]
    public void A_vertex_that_is_sent_what_its_graph_does_not_allow_says_so_to_its_supervisor()
    {
        var supervisor = Sys.ActorOf(Props.Create(() => new Supervisor(_coordinator.Ref)));
        supervisor.Tell(VertexActor<double>.Props);
        var vertex = _coordinator.ExpectMsg<IActorRef>();
        Connect(vertex, Id("h"), Clock.Wavefront);
        vertex.Tell(new ValueMessage<double>(First, 0, 0, 999, Zeros(1, 2)));
        var failure = _coordinator.ExpectMsg<VertexException>();
        Assert.Equal("h", failure.Vertex);
        Assert.IsType<ProtocolException>(failure.InnerException);
        Assert.Contains("'h'", failure.InnerException.Message, StringComparison.Ordinal);
    }

    /// <summary>x -> tail -> h = tail W + b -> twice -> out, and h -> out.</summary>
    private static Graph<double> Build()
    {
        var builder = new GraphBuilder<double>();
        var x = builder.Data("x", new Shape(1, 2));
        var tail = x.Multiply(builder.Parameter("scale", Tensor<double>.Scalar(1)), "tail");
        var weight = builder.Parameter("h/weight", new Tensor<double>(new Shape(2, 2)));
        var bias = builder.Parameter("h/bias", new Tensor<double>(new Shape(2)));
        var h = tail.Apply("Gemm", [weight, bias], null, "h");
        return builder.Build(h.Identity("one").Add(h.Identity("two"), "out"));
    }

    private static int Id(string name) => Graph.Find(name).Id;

    private static int[] EdgesTo(string name) => [.. Graph.Consumers(Id(name)).Select(e => e.Number)];

    private static Tensor<double> Zeros(params int[] shape) => new(new Shape(shape));

    private IActorRef Start(string name, Clock clock)
    {
        var id = Id(name);
        var vertex = Sys.ActorOf(VertexActor<double>.Props);
        Connect(vertex, id, clock);
        return vertex;
    }

    private void Connect(IActorRef vertex, int id, Clock clock) => vertex.Tell(new Connect<double>(
        VertexDescription<double>.Of(Graph, id), new VertexOptions(LearningRule.Zil, clock, Loss.SquaredError, new Sgd(0.5), 1, Graph.Depth),
        [.. Graph.Inputs(id).Select(_ => _inputs.Ref)], [.. Graph.Consumers(id).Select(_ => _consumers.Ref)], _coordinator.Ref));

    /// <summary>h with all its values, and what it sent on received: W is diag(1, 10).</summary>
    private IActorRef Predicted(string name, Clock clock = Clock.Wavefront)
    {
        var vertex = Start(name, clock);
        Value(vertex, name, 0, Tensor<double>.From(new Shape(1, 2), [1, 2]));
        Value(vertex, name, 1, Tensor<double>.From(new Shape(2, 2), [1, 0, 0, 10]));
        Value(vertex, name, 2, Zeros(2));
        _consumers.ExpectMsg<ValueMessage<double>>();
        _consumers.ExpectMsg<ValueMessage<double>>();
        return vertex;
    }

    private static void Value(IActorRef vertex, string name, int slot, Tensor<double> value, StepId? step = null)
    {
        var edge = Graph.Inputs(Id(name))[slot];
        var micro = Graph.DependsOnData(edge.From) ? 0 : ValueMessage<double>.AllMicroBatches;
        vertex.Tell(new ValueMessage<double>(step ?? First, micro, 0, edge.Number, value));
    }

    private static void Error(IActorRef vertex, string name, int consumer, double[] error, StepId? step = null)
    {
        var id = Id(name);
        var tensor = Tensor<double>.From(Graph.Vertices[id].Shape, error);
        vertex.Tell(new ErrorMessage<double>(step ?? First, 0, Graph.Level(id), Graph.Consumers(id)[consumer].Number, new(tensor, null)));
    }

    private double[] Committed(IActorRef vertex)
    {
        vertex.Tell(new RequestParameter(), _coordinator);
        return _coordinator.FishForMessage<ParameterReport<double>>(_ => true).Value.Span.ToArray();
    }

    /// <summary>Everything has been handled, and nothing was sent.</summary>
    private void IsQuiet(IActorRef vertex)
    {
        vertex.Tell(new RequestCounters(), _coordinator);
        Assert.IsType<CountersReport>(_coordinator.ReceiveOne(TimeSpan.FromSeconds(10)));
        Assert.False(_inputs.HasMessages);
        Assert.False(_consumers.HasMessages);
    }

    private sealed class Supervisor(IActorRef observer) : UntypedActor
    {
        protected override void OnReceive(object message) => observer.Tell(Context.ActorOf((Props)message));

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
        {
            observer.Tell(e);
            return Directive.Stop;
        });
    }
}
