using Akka.Actor;
using Akka.TestKit.Xunit2;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Runs;

/// <summary>One vertex among probes: what it sends, to whom, in which order.</summary>
public class VertexActorProtocol : TestKit
{
    private static readonly StepId First = new(1, 1);

    private static readonly Graph<double> Graph = Build();

    public VertexActorProtocol()
        : base("akka.loglevel = WARNING")
    {
    }

    [Fact]
    public void A_vertex_predicts_when_the_last_value_has_come()
    {
        var vertex = Start("h", Clock.Wavefront);
        vertex.SendValue(2, Zeros(2));
        vertex.SendValue(0, [1, 2]);
        vertex.ExpectQuiet();
        vertex.SendValue(1, [1, 0, 0, 10]);
        var sent = vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal((First, 0, 0), (sent.Step, sent.MicroBatch, sent.Time));
        Assert.Equal([1, 20], sent.Value.Span.ToArray());
        var second = vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal(EdgesTo("h"), new[] { sent.Edge, second.Edge });
        vertex.ExpectQuiet();
    }

    [Fact]
    public void A_vertex_pulls_its_error_back_when_the_last_error_has_come_and_down_the_wave_first()
    {
        var vertex = Predicted("h");
        vertex.SendError(1, [10, 100]);
        vertex.ExpectQuiet();
        vertex.SendError(0, [1, 2]);
        // 'x' is data and gets none; 'tail' lies on the wave's path; weight and bias do not.
        var sent = Enumerable.Range(0, 3).Select(_ => vertex.Inputs.ExpectMsg<ErrorMessage<double>>()).ToList();
        Assert.Equal(Graph.Inputs(Id("h")).Select(e => e.Number), sent.Select(m => m.Edge));
        Assert.All(sent, m => Assert.Equal((First, 0, Graph.Level(Id("h")) + 1), (m.Step, m.MicroBatch, m.Time)));
        Assert.Equal([11, 102 * 10], sent[0].Error.Whole!.Span.ToArray());
        Assert.NotNull(sent[1].Error.Factors);
        Assert.Equal([11, 102], sent[2].Error.Whole!.Span.ToArray());
        vertex.ExpectQuiet();
    }

    [Fact]
    public void Duplicates_and_messages_of_an_earlier_attempt_are_ignored()
    {
        var vertex = Predicted("h");
        vertex.SendValue(0, Zeros(1, 2));
        vertex.SendError(0, [1, 2]);
        vertex.SendError(0, [7, 7]);
        vertex.ExpectQuiet();
        // A new attempt begins with its first message; what is left of the old one is nothing any more.
        var second = new StepId(2, 1);
        vertex.SendValue(0, Zeros(1, 2), second);
        vertex.SendError(1, [1, 2]);
        vertex.SendValue(1, Zeros(2, 2), First);
        vertex.SendValue(2, Zeros(2), First);
        vertex.ExpectQuiet();
        vertex.SendValue(1, Zeros(2, 2), second);
        vertex.SendValue(2, Zeros(2), second);
        Assert.Equal(second, vertex.Consumers.ExpectMsg<ValueMessage<double>>().Step);
    }

    [Fact]
    public void A_parameter_sends_its_value_once_a_step_and_learns_at_the_next_ones_beginning()
    {
        var vertex = Start("h/bias", Clock.Wavefront);
        vertex.Control(new BeginStep(First, null, 1));
        var value = vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        Assert.Equal((ValueMessage<double>.AllMicroBatches, 0), (value.MicroBatch, value.Time));
        vertex.Control(new BeginStep(First, null, 1));
        vertex.ExpectQuiet();

        vertex.SendError(0, [2, -2]);
        Assert.Equal(new UpdateReport(First, Id("h/bias"), 3), vertex.Coordinator.ExpectMsg<UpdateReport>());
        Assert.Equal([0, 0], vertex.Committed());
        var second = new StepId(1, 2);
        vertex.Control(new BeginStep(second, First, 1));
        Assert.Equal([-1, 1], vertex.Consumers.ExpectMsg<ValueMessage<double>>().Value.Span.ToArray());
        vertex.Control(new BeginStep(second, First, 1));
        vertex.ExpectQuiet();
        Assert.Equal([-1, 1], vertex.Committed());
    }

    [Fact]
    public void An_aborted_attempt_leaves_the_parameter_as_it_was()
    {
        var vertex = Start("h/bias", Clock.Wavefront);
        vertex.Control(new BeginStep(First, null, 1));
        vertex.SendError(0, [2, -2]);
        var again = new StepId(2, 1);
        vertex.Control(new BeginStep(again, null, 1));
        Assert.Equal([0, 0], vertex.Committed());
        vertex.SendError(0, [2, -2], again);
        Assert.Equal([-1, 1], vertex.Committed(again));
        Assert.Equal([-1, 1], vertex.Committed(again));
        Assert.Equal([-1, 1], vertex.Committed());
    }

    [Fact]
    public void A_data_leaf_sends_what_it_is_clamped_to_once()
    {
        var vertex = Start("x", Clock.Wavefront);
        var data = Tensor<double>.From(new Shape(1, 2), [3, 4]);
        vertex.Control(new ClampData<double>(First, 0, data));
        Assert.Same(data, vertex.Consumers.ExpectMsg<ValueMessage<double>>().Value);
        vertex.Control(new ClampData<double>(First, 0, data));
        vertex.ExpectQuiet();
    }

    [Fact]
    public void The_root_reports_the_loss_and_sends_its_error_or_hands_out_its_prediction()
    {
        var vertex = Start("out", Clock.Wavefront);
        vertex.Control(new ClampTarget<double>(First, 0, Tensor<double>.From(new Shape(1, 2), [1, 0]), 1));
        vertex.ExpectQuiet();
        for (var slot = 0; slot < 2; slot++) vertex.SendValue(slot, [2, 1]);
        // out is the sum of both: (4, 2) against (1, 0).
        Assert.Equal(new LossReport(First, 0, (9 + 4) / 2.0), vertex.Coordinator.ExpectMsg<LossReport>());
        Assert.Equal([3, 2], vertex.Inputs.ExpectMsg<ErrorMessage<double>>().Error.Whole!.Span.ToArray());
        Assert.Equal(1, vertex.Inputs.ExpectMsg<ErrorMessage<double>>().Time);

        var second = new StepId(1, 2);
        for (var slot = 0; slot < 2; slot++) vertex.SendValue(slot, [2, 1], second);
        vertex.Control(new RequestPrediction(second, 0));
        Assert.Equal([4, 2], vertex.Coordinator.ExpectMsg<PredictionReport<double>>().Prediction.Span.ToArray());
        vertex.ExpectQuiet();
    }

    [Fact]
    public void Under_lockstep_a_vertex_acts_when_it_is_told_to_and_its_errors_have_come()
    {
        var vertex = Predicted("h", Clock.Lockstep);
        var level = Graph.Level(Id("h"));
        vertex.SendError(0, [1, 2]);
        vertex.SendError(1, [1, 2]);
        vertex.ExpectQuiet();
        vertex.Control(new Advance(First, level));
        Assert.Equal(level + 1, vertex.Inputs.ExpectMsg<ErrorMessage<double>>().Time);
        vertex.Inputs.ExpectMsg<ErrorMessage<double>>();
        vertex.Inputs.ExpectMsg<ErrorMessage<double>>();
        Assert.Equal(new AdvanceReport(First, level, Id("h")), vertex.Coordinator.ExpectMsg<AdvanceReport>());
        vertex.Control(new Advance(First, level));
        vertex.ExpectQuiet();
    }

    [Fact]
    public void A_vertex_that_is_sent_what_its_graph_does_not_allow_says_so_to_its_supervisor()
    {
        var observer = CreateTestProbe();
        var supervisor = Sys.ActorOf(Props.Create(() => new Supervisor(observer.Ref)));
        supervisor.Tell(VertexActor<double>.Props, observer);
        var vertex = new VertexBench<double>(this, Graph, "h", actor: observer.ExpectMsg<IActorRef>());
        vertex.Actor.Tell(new ValueMessage<double>(First, 0, 0, 999, new Tensor<double>(new Shape(1, 2))),
            vertex.Inputs);
        var failure = observer.ExpectMsg<VertexException>();
        Assert.Equal("h", failure.Vertex);
        Assert.IsType<ProtocolException>(failure.InnerException);
        Assert.Contains("'h'", failure.InnerException.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_that_delays_errors_takes_them_when_the_wave_gets_there_and_sends_them_at_its_level()
    {
        var graph = Levelling.Level(Skipping());
        var identity = graph.Vertices.Single(v => v.Span > 1);
        Assert.Equal(2, identity.Span);
        var vertex = new VertexBench<double>(this, graph, identity.Name);
        vertex.SendValue(0, [1, 2]);
        vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        vertex.SendError(0, [3, 4]);
        var sent = vertex.Inputs.ExpectMsg<ErrorMessage<double>>();
        Assert.Equal(graph.Level(identity.Id) + 1, sent.Time);
        Assert.Equal([3, 4], sent.Error.Whole!.Span.ToArray());
        vertex.ExpectQuiet();
    }

    [Fact]
    public void An_error_that_comes_to_it_at_its_level_is_late()
    {
        var graph = Levelling.Level(Skipping());
        var identity = graph.Vertices.Single(v => v.Span > 1);
        var observer = CreateTestProbe();
        var supervisor = Sys.ActorOf(Props.Create(() => new Supervisor(observer.Ref)));
        supervisor.Tell(VertexActor<double>.Props, observer);
        var vertex = new VertexBench<double>(this, graph, identity.Name, actor: observer.ExpectMsg<IActorRef>());
        vertex.SendValue(0, [1, 2]);
        var late = graph.Level(identity.Id);
        vertex.Actor.Tell(new ErrorMessage<double>(First, 0, late, graph.Consumers(identity.Id)[0].Number,
            new PullBack<double>(new Tensor<double>(identity.Shape), null)), vertex.Consumers);
        var failure = observer.ExpectMsg<VertexException>();
        Assert.IsType<ProtocolException>(failure.InnerException);
        Assert.Contains($"at time {late}; its level is {late}, and errors come at time {late - 1}",
            failure.InnerException.Message, StringComparison.Ordinal);
    }

    /// <summary>x -> tail -> one -> two -> out, and tail -> out.</summary>
    private static Graph<double> Skipping()
    {
        var builder = new GraphBuilder<double>();
        var tail = builder.Data("x", new Shape(1, 2))
            .Multiply(builder.Parameter("scale", Tensor<double>.Scalar(1)), "tail");
        return builder.Build(tail.Identity("one").Identity("two").Add(tail, "out"));
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

    private static double[] Zeros(params int[] shape) => new double[new Shape(shape).Length];

    private VertexBench<double> Start(string name, Clock clock) =>
        new(this, Graph, name, VertexBench<double>.OptionsFor(Graph, clock));

    /// <summary>A vertex with all its values, and what it sent on received: W is diag(1, 10).</summary>
    private VertexBench<double> Predicted(string name, Clock clock = Clock.Wavefront)
    {
        var vertex = Start(name, clock);
        vertex.SendValue(0, [1, 2]);
        vertex.SendValue(1, [1, 0, 0, 10]);
        vertex.SendValue(2, Zeros(2));
        vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        vertex.Consumers.ExpectMsg<ValueMessage<double>>();
        return vertex;
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
