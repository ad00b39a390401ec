using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Messages that no vertex of its graph can have been sent: the vertex refuses each with an
/// error that names it.</summary>
public class VertexStateMutations
{
    private static readonly StepId First = new(1, 1);

    private static readonly Graph<double> Graph = Build();

    public static TheoryData<Clock> Clocks => [Clock.Wavefront, Clock.Lockstep];

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_value_along_no_edge_of_its_own(Clock clock) =>
        Refused(Create("h", clock), Value("h") with { Edge = 999 }, "edge 999", "none of its inputs");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_value_of_another_shape(Clock clock) =>
        Refused(Create("h", clock), Value("h") with { Value = new Tensor<double>(new Shape(3, 3)) }, "[3, 3]",
            "[1, 2] is wanted");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_value_of_another_time(Clock clock) =>
    Refused(Create("h", clock), Value("h") with { Time = 1 }, "time 1", "time 0");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_value_of_a_negative_time(Clock clock) =>
    Refused(Create("h", clock), Value("h") with { Time = -2 }, "time -2");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_value_of_a_micro_batch_that_is_not_there(Clock clock)
    {
        Refused(Create("h", clock), Value("h") with { MicroBatch = 1 }, "micro-batch 1", "there are 1");
        Refused(Create("h", clock), Value("h") with { MicroBatch = -7 }, "micro-batch -7");
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_error_along_no_edge_of_its_own(Clock clock) =>
        Refused(Predicted(clock), Error("h") with { Edge = 999 }, "edge 999");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_error_of_another_shape(Clock clock) =>
        Refused(Predicted(clock), Error("h") with { Error = new(new Tensor<double>(new Shape(2)), null) }, "[2]",
            "[1, 2] is wanted");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_error_of_another_time(Clock clock) =>
        Refused(Predicted(clock), Error("h") with { Time = 5 }, "time 5", "its level is 1");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_error_of_a_micro_batch_that_is_not_there(Clock clock)
    {
        Refused(Predicted(clock), Error("h") with { MicroBatch = 1 }, "micro-batch 1");
        Refused(Predicted(clock), Error("h") with { MicroBatch = -1 }, "micro-batch -1");
    }

    [Theory]
    [MemberData(nameof(Clocks))]
    public void An_error_before_its_prediction(Clock clock) =>
    Refused(Create("h", clock), Error("h"), "before it had predicted");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_target_where_there_is_no_root(Clock clock) =>
        Refused(Create("h", clock), new ClampTarget<double>(First, 0, new Tensor<double>(new Shape(1, 2)), 1),
            "ClampTarget");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void A_target_of_another_shape(Clock clock) =>
        Refused(Create("out", clock), new ClampTarget<double>(First, 0, new Tensor<double>(new Shape(3)), 1), "[3]",
            "[1, 2] is wanted");

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Data_where_there_is_no_data_leaf(Clock clock) =>
        Refused(Create("h", clock), new ClampData<double>(First, 0, new Tensor<double>(new Shape(1, 2))), "ClampData");

    [Fact]
    public void Data_of_another_shape_or_micro_batch()
    {
        Refused(Create("x"), new ClampData<double>(First, 0, new Tensor<double>(new Shape(2, 2))), "[2, 2]",
            "[1, 2] is wanted");
        Refused(Create("x"), new ClampData<double>(First, 1, new Tensor<double>(new Shape(1, 2))), "micro-batch 1");
    }

    [Fact]
    public void A_timestep_under_the_wavefront_clock() => Refused(Create("h"), new Advance(First, 0), "Advance");

    [Fact]
    public void A_timestep_that_is_not_its_own() =>
        Refused(Predicted(Clock.Lockstep), new Advance(First, 3), "time 3", "level, 1");

    [Fact]
    public void A_timestep_before_the_last_one_is_done()
    {
        var rule = LearningRule.Zil with { RestsBehindWave = false };
        var vertex = Create("h", Clock.Lockstep, rule);
        for (var slot = 0; slot < 3; slot++) Receive(vertex, Value("h", slot));
        Receive(vertex, new Advance(First, 0));
        Receive(vertex, new Advance(First, 1));
        Refused(vertex, new Advance(First, 2), "time 2", "time 1");
    }

    [Fact]
    public void An_error_of_a_newer_step_before_the_parameter_has_begun_it()
    {
        var parameter = Create("bias");
        Receive(parameter, new BeginStep(First, null, 1));
        Refused(parameter, Error("bias") with { Step = new(1, 2) }, "step 2", "had begun");
        Refused(Create("bias"), Error("bias"), "had begun");
    }

    [Fact]
    public void An_error_at_another_time_than_the_parameters_level()
    {
        var parameter = Create("bias");
        Receive(parameter, new BeginStep(First, null, 1));
        Refused(parameter, Error("bias") with { Time = 1 }, "time 1", "its level is 2");
    }

    [Fact]
    public void An_error_to_a_parameter_along_another_edge_or_of_another_shape()
    {
        var parameter = Create("bias");
        Receive(parameter, new BeginStep(First, null, 1));
        Refused(parameter, Error("bias") with { Edge = 999 }, "edge 999");
        Refused(parameter, Error("bias") with { Error = new(new Tensor<double>(new Shape(3)), null) }, "[3]");
        Refused(parameter, Error("bias") with { MicroBatch = 2 }, "micro-batch 2");
    }

    [Fact]
    public void An_error_to_a_parameter_that_does_not_learn()
    {
        var constant = Create("constant");
        Receive(constant, new BeginStep(First, null, 1));
        Refused(constant, Error("constant"), "takes none");
    }

    [Fact]
    public void A_commit_of_an_update_that_it_does_not_have()
    {
        var parameter = Create("bias");
        Receive(parameter, new BeginStep(First, null, 1));
        Refused(parameter, new RequestParameter(First), "step 1");
        Receive(parameter, Error("bias"));
        Refused(parameter, new RequestParameter(new(1, 7)), "step 7");
        Refused(parameter, new BeginStep(new(1, 8), new(1, 7), 1), "step 7");
    }

    [Fact]
    public void A_message_that_no_vertex_takes() => Refused(Create("h"), "hello", "String");

    /// <summary>x -> h = x + bias + constant -> out.</summary>
    private static Graph<double> Build()
    {
        var builder = new GraphBuilder<double>();
        var bias = builder.Parameter("bias", new Tensor<double>(new Shape(2)));
        var constant = builder.Constant("constant", new Tensor<double>(new Shape(2, 2)));
        return builder.Build(builder.Data("x", new Shape(1, 2)).Apply("Gemm", [constant, bias], null, "h").Tanh("out"));
    }

    private static VertexState<double> Create(string name, Clock clock = Clock.Wavefront, LearningRule? rule = null) =>
        VertexState<double>.Create(
        VertexDescription<double>.Of(
            rule is { RestsBehindWave: false } ? Latents.Every.Mark(Graph) : Graph, Graph.Find(name).Id),
        new VertexOptions(rule ?? LearningRule.Zil, clock, Loss.SquaredError, new Sgd(0.5), 1, Graph.Depth));

    private static VertexState<double> Predicted(Clock clock)
    {
        var vertex = Create("h", clock);
        for (var slot = 0; slot < 3; slot++) Receive(vertex, Value("h", slot));
        return vertex;
    }

    private static ValueMessage<double> Value(string name, int slot = 0)
    {
        var edge = Graph.Inputs(Graph.Find(name).Id)[slot];
        return new ValueMessage<double>(First, slot == 0 ? 0 : -1, 0, edge.Number,
            new Tensor<double>(Graph.Vertices[edge.From].Shape));
    }

    private static ErrorMessage<double> Error(string name)
    {
        var vertex = Graph.Find(name);
        return new ErrorMessage<double>(
            First, 0, Graph.Level(vertex.Id), Graph.Consumers(vertex.Id)[0].Number,
            new(new Tensor<double>(vertex.Shape), null));
    }

    private static void Receive(VertexState<double> vertex, object message) => vertex.Receive(message, new Nowhere());

    private static void Refused(VertexState<double> vertex, object message, params string[] words)
    {
        var refusal = Assert.Throws<ProtocolException>(() => Receive(vertex, message));
        Assert.Contains($"'{vertex.Description.Name}'", refusal.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    private sealed class Nowhere : IOutbox<double>
    {
        public void SendValue(int consumer, ValueMessage<double> message)
        {
        }

        public void SendError(int slot, ErrorMessage<double> message)
        {
        }

        public void Report(object report)
        {
        }
    }
}
