using System.Numerics;
using Akka.Actor;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>To a vertex, first of all and once: what it is, and its neighbours.</summary>
/// <param name="Description">The vertex and its edges.</param>
/// <param name="Options">What all vertices of the run have in common.</param>
/// <param name="Inputs">By slot.</param>
/// <param name="Consumers">In canonical order.</param>
/// <param name="Coordinator">Who begins its steps and takes its reports.</param>
/// <param name="KernelThreads">How many threads may work at a large kernel of it. No bit depends on it.</param>
/// <param name="Buffers">Memory for errors; null for buffers of its own.</param>
internal sealed record Connect<T>(
    VertexDescription<T> Description, VertexOptions Options, IActorRef[] Inputs, IActorRef[] Consumers,
    IActorRef Coordinator, int KernelThreads = 1, BufferPool<T>? Buffers = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From the host to the coordinator: the vertices are there and connected.</summary>
/// <param name="Vertices">References, by vertex id.</param>
internal sealed record VerticesReady(IActorRef[] Vertices);

/// <summary>From the host to the coordinator: a vertex has failed and is stopped.</summary>
internal sealed record VertexFailed(string Vertex, Exception Cause);

/// <summary>From the host to the coordinator: the vertices could not be started.</summary>
internal sealed record HostFailed(Exception Cause);

/// <summary>To the coordinator, from its timer: time has passed.</summary>
/// <param name="Elapsed">How much, since the last such message.</param>
internal sealed record Tick(TimeSpan Elapsed);

/// <summary>Kinds of messages that start vertices, and that the coordinator gets from others than vertices.</summary>
internal static class RunKinds
{
    public static MessageKind Connect { get; } = new(typeof(Connect<>), MessageRoute.Start);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MessageKind> All { get; } =
    [
        Connect,
        .. new[]
        {
            typeof(VerticesReady), typeof(VertexFailed), typeof(HostFailed), typeof(Tick), typeof(PoisonPill),
            typeof(TrainingStep<>), typeof(Prediction<>), typeof(InferenceJob<>), typeof(ParameterCollection<>),
            typeof(StateCollection<>),
            typeof(CounterCollection), typeof(EndOfRun),
        }.Select(type => new MessageKind(type, MessageRoute.ToCoordinator)),
    ];
}
