using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tests.Graphs;

namespace PcActors.Tests.Learning;

/// <summary>Under Z-IL each edge carries one value and one error a micro-batch: the cost is
/// linear in the graph.</summary>
public class MessageCountProperties
{
    public static TheoryData<Clock, int> Settings => new()
    {
        { Clock.Wavefront, 1 }, { Clock.Wavefront, 3 }, { Clock.Lockstep, 1 }, { Clock.Lockstep, 3 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_step_sends_one_value_and_one_error_an_edge_and_micro_batch(Clock clock, int microBatches)
    {
        for (var seed = 0UL; seed < 100; seed++)
        {
            var graph = Levelling.Level(RandomGraph<float>.Create(seed));
            var network = new Trial { Clock = clock, MicroBatches = microBatches }.Network(graph);
            var batch = RandomBatch.Create(graph, Loss.CrossEntropy, microBatches, seed);
            network.Step(batch);
            network.Step(batch);
            Assert.Equal(2 * Values(graph, microBatches), network.Sent.Values);
            Assert.Equal(2 * Errors(graph, microBatches), network.Sent.Errors);
        }
    }

    [Fact]
    public void A_prediction_sends_values_alone()
    {
        var graph = ResidualStack.Build<float>(3);
        var network = new Trial().Network(Levelling.Level(graph));
        network.Predict(RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1));
        Assert.Equal(new MessageCounts(network.Graph.Edges.Count, 0), network.Sent);
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public void Twice_the_vertices_send_twice_the_messages(Clock clock)
    {
        var (single, twice, thrice) = (Count(clock, 10_000), Count(clock, 20_000), Count(clock, 30_000));
        // What the beginning and the end of the graph add is the same in all: the rest is exactly linear.
        Assert.Equal(twice.Vertices - single.Vertices, thrice.Vertices - twice.Vertices);
        Assert.Equal(twice.Messages - single.Messages, thrice.Messages - twice.Messages);
        Assert.Equal((double)single.Messages / single.Vertices, (double)twice.Messages / twice.Vertices, 1e-3);
    }

    [Fact]
    public void Inference_learning_sends_at_every_timestep_what_inference_needs()
    {
        var graph = ResidualStack.Build<double>(2);
        var messages = new List<long>();
        for (var steps = 1; steps <= 4; steps++)
        {
            var network = new Trial { Clock = Clock.Lockstep, Rule = LearningRule.Il(steps, 0.05) }.Network(graph);
            network.Step(RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1));
            messages.Add(network.Sent.Total);
        }
        var moving = graph.Vertices.Where(
            v => v.Function is not null && v.Id != graph.RootId && graph.RequiresError(v.Id)).ToList();
        var perTimestep = moving.Sum(v => graph.Consumers(v.Id).Count) + graph.Edges.Count(
            e => graph.CarriesError(e) && graph.Vertices[e.From].Kind == VertexKind.Function);
        Assert.All(messages.Zip(messages.Skip(1)), m => Assert.Equal(perTimestep, m.Second - m.First));
    }

    private static (int Vertices, long Messages) Count(Clock clock, int vertices)
    {
        var builder = new GraphBuilder<float>();
        var h = builder.Data("x", new Shape(1, 1));
        var weight = builder.Parameter("shift", new Tensor<float>(new Shape(1)));
        h = h.Add(weight);
        // Five vertices a block, one of them an identity that levelling adds: a skip over one vertex.
        for (var block = 0; block < vertices / 5; block++)
            h = h.Add(h.Multiply(builder.Parameter($"scale{block}", new Tensor<float>(new Shape(1)))).Tanh());
        var graph = Levelling.Level(builder.Build(h));
        var network = new Trial
        {
            Clock = clock,
            Loss = Loss.SquaredError,
            Delivery = new() { Order = DeliveryOrder.AsSent }
        }.Network(graph);
        network.Step(RandomBatch.Create(graph, Loss.SquaredError, 1, 1));
        return (graph.Vertices.Count, network.Sent.Total);
    }

    private static long Values(Graph<float> graph, int microBatches) =>
        graph.Edges.Sum(e => graph.DependsOnData(e.From) ? microBatches : 1);

    private static long Errors(Graph<float> graph, int microBatches) =>
        (long)microBatches * graph.Edges.Count(graph.CarriesError);
}
