using System.Numerics;
using Akka.Actor;
using Akka.TestKit;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using Xunit;

namespace PcActors.Testing;

/// <summary>One vertex of a graph as an actor, among probes that play its neighbours and the coordinator.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VertexBench<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Starts the vertex and makes the probes known to it.</summary>
    /// <param name="kit">The test, in whose actor system the vertex lives.</param>
    /// <param name="graph">The graph, levelled if the rule needs it.</param>
    /// <param name="vertex">The vertex's name.</param>
    /// <param name="options">What all vertices of a run have in common; by default <see cref="OptionsFor"/>.</param>
    /// <param name="actor">The vertex's actor, if it has been made already: by a parent of its own, say.</param>
    /// <exception cref="GraphException">There is no vertex of that name.</exception>
    public VertexBench(TestKitBase kit, Graph<T> graph, string vertex, VertexOptions? options = null,
        IActorRef? actor = null)
    {
        Graph = graph;
        Id = graph.Find(vertex).Id;
        (Inputs, Consumers, Coordinator) = (kit.CreateTestProbe(), kit.CreateTestProbe(), kit.CreateTestProbe());
        Actor = actor ?? kit.Sys.ActorOf(VertexActor<T>.Props);
        Actor.Tell(new Connect<T>(
            VertexDescription<T>.Of(graph, Id),
            options ?? OptionsFor(graph),
            [.. graph.Inputs(Id).Select(_ => Inputs.Ref)],
            [.. graph.Consumers(Id).Select(_ => Consumers.Ref)],
            Coordinator.Ref));
    }

    /// <summary>The graph.</summary>
    public Graph<T> Graph { get; }

    /// <summary>The vertex's id.</summary>
    public int Id { get; }

    /// <summary>The vertex.</summary>
    public IActorRef Actor { get; }

    /// <summary>Plays all inputs: errors come here, in the order in which the vertex sends them.</summary>
    public TestProbe Inputs { get; }

    /// <summary>Plays all consumers: values come here.</summary>
    public TestProbe Consumers { get; }

    /// <summary>Plays whoever begins steps: reports come here.</summary>
    public TestProbe Coordinator { get; }

    /// <summary>The attempt that messages belong to, unless they name another.</summary>
    public StepId Step { get; set; } = new(1, 1);

    /// <summary>Z-IL, by messages alone, with the squared error and plain gradient descent; one micro-batch.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="learningRate">alpha.</param>
    public static VertexOptions OptionsFor(Graph<T> graph, Clock clock = Clock.Wavefront, double learningRate = 0.5) =>
        new(LearningRule.Zil, clock, Loss.SquaredError, new Sgd(learningRate), 1, graph.Depth);

    /// <summary>Sends the vertex the value of an input.</summary>
    /// <param name="slot">Which input.</param>
    /// <param name="value">As many elements as the input's shape wants.</param>
    /// <param name="step">The attempt.</param>
    public void SendValue(int slot, T[] value, StepId? step = null)
    {
        var edge = Graph.Inputs(Id)[slot];
        var micro = Graph.DependsOnData(edge.From) ? 0 : ValueMessage<T>.AllMicroBatches;
        var tensor = Tensor<T>.From(Graph.Vertices[edge.From].Shape, value);
        Actor.Tell(new ValueMessage<T>(step ?? Step, micro, 0, edge.Number, tensor), Inputs);
    }

    /// <summary>Sends the vertex the error that a consumer pulls back, at the time at which
    /// Z-IL's wave gets here: at its level, or before, at an identity that delays errors.</summary>
    /// <param name="consumer">Which consumer, in canonical order.</param>
    /// <param name="error">As many elements as the vertex has.</param>
    /// <param name="step">The attempt.</param>
    public void SendError(int consumer, T[] error, StepId? step = null)
    {
        var tensor = Tensor<T>.From(Graph.Vertices[Id].Shape, error);
        var edge = Graph.Consumers(Id)[consumer].Number;
        var time = Graph.Level(Id) - Graph.Vertices[Id].Span + 1;
        Actor.Tell(new ErrorMessage<T>(step ?? Step, 0, time, edge, new PullBack<T>(tensor, null)), Consumers);
    }

    /// <summary>Sends the vertex a message as the coordinator.</summary>
    public void Control(object message) => Actor.Tell(message, Coordinator);

    /// <summary>The committed value of a parameter, from the vertex itself.</summary>
    /// <param name="commit">A step whose update is to count first; null for none.</param>
    public T[] Committed(StepId? commit = null)
    {
        Control(new RequestParameter(commit));
        return Coordinator.FishForMessage<ParameterReport<T>>(_ => true).Value.Span.ToArray();
    }

    /// <summary>Fails unless the vertex has handled all that it was sent, and has sent nothing that the
    /// test has not received. No time passes: the vertex itself says when it is done.</summary>
    public void ExpectQuiet()
    {
        Control(new RequestCounters());
        Assert.IsType<CountersReport>(Coordinator.ReceiveOne(TimeSpan.FromSeconds(30)));
        Assert.False(Inputs.HasMessages, "an error was sent");
        Assert.False(Consumers.HasMessages, "a value was sent");
    }
}
