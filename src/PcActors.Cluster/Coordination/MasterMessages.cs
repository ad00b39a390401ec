using System.Numerics;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Coordination;

/// <summary>From a run's client: what there is to be done, but for the graph.</summary>
/// <param name="Model">What people call the run's model.</param>
/// <param name="Options">What all vertices have in common.</param>
/// <param name="Retries">When a step is tried again.</param>
/// <param name="Nodes">Workers that the first placement waits for.</param>
/// <param name="MinNodes">Workers that every placement waits for.</param>
/// <param name="Patience">How long workers are waited for, and then their vertices.</param>
/// <param name="Version">The version that workers must have.</param>
/// <param name="Vertices">How many <see cref="RunVertex{T}"/> there are.</param>
/// <param name="Step">Training steps that the parameters' states have learnt from.</param>
/// <param name="HasBegun">Whether the run has been on workers before.</param>
/// <param name="Trace">What every node records; null for nothing.</param>
internal sealed record RunTerms(
    string Model, VertexOptions Options, RetryPolicy Retries, int Nodes, int MinNodes, TimeSpan Patience, string Version, int Vertices, long Step,
    bool HasBegun, NodeTracing? Trace = null);

/// <summary>From a run's client: one vertex of the graph as it runs.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Inputs">Its input edges, by slot.</param>
/// <param name="State">What a parameter goes on from; null for other vertices.</param>
internal sealed record RunVertex<T>(Vertex<T> Vertex, IReadOnlyList<Edge> Inputs, ParameterSnapshot<T>? State)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From a run's client: work for an epoch, numbered from 1 in each: the order in which it is done.</summary>
internal abstract record EpochJob(int Epoch, long Number);

/// <summary>Train on a batch.</summary>
internal sealed record StepJob<T>(int Epoch, long Number, IReadOnlyList<Tensor<T>> Inputs, Tensor<T> Target) : EpochJob(Epoch, Number)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Predict for inputs.</summary>
internal sealed record PredictionJob<T>(int Epoch, long Number, IReadOnlyList<Tensor<T>> Inputs) : EpochJob(Epoch, Number)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Collect the message counts.</summary>
internal sealed record CountJob(int Epoch, long Number) : EpochJob(Epoch, Number);

/// <summary>Collect the parameters' states, after so many training steps: what a later epoch goes on from.</summary>
internal sealed record SnapshotJob(int Epoch, long Number, long Step) : EpochJob(Epoch, Number);

/// <summary>Collect what has gone over the links since the epoch began.</summary>
internal sealed record TrafficJob(int Epoch, long Number) : EpochJob(Epoch, Number);

/// <summary>To the client: the graph is placed and waits for work.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Nodes">Workers that it is on.</param>
/// <param name="Step">Training steps that its parameters have learnt from.</param>
internal sealed record EpochBegun(int Epoch, int Nodes, long Step);

/// <summary>To the client: an epoch has ended before its time; another follows.</summary>
internal sealed record EpochEnded(int Epoch, string Cause);

/// <summary>To the client: what came of a piece of work.</summary>
internal abstract record EpochResult(int Epoch, long Number);

/// <summary>What came of a <see cref="StepJob{T}"/>.</summary>
internal sealed record StepDone(int Epoch, long Number, double Loss, int Attempts) : EpochResult(Epoch, Number);

/// <summary>What came of a <see cref="PredictionJob{T}"/>.</summary>
internal sealed record PredictionDone<T>(int Epoch, long Number, Tensor<T> Prediction) : EpochResult(Epoch, Number)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What came of a <see cref="CountJob"/>: messages since the epoch began.</summary>
internal sealed record CountDone(int Epoch, long Number, MessageCounts Counts) : EpochResult(Epoch, Number);

/// <summary>What came of a <see cref="SnapshotJob"/>: it follows the last <see cref="StateCollected{T}"/>.</summary>
internal sealed record SnapshotDone(int Epoch, long Number, MessageCounts Counts) : EpochResult(Epoch, Number);

/// <summary>What came of a <see cref="TrafficJob"/>.</summary>
internal sealed record TrafficDone(int Epoch, long Number, IReadOnlyList<LinkCounters> Links) : EpochResult(Epoch, Number);

/// <summary>To the client: one parameter's state.</summary>
internal sealed record StateCollected<T>(int Epoch, long Number, int Vertex, ParameterSnapshot<T> State)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the client: the run cannot go on, and another coordinator would not mend it.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Vertex">The vertex at fault.</param>
/// <param name="IsDiverged">Whether the loss is not finite any more.</param>
internal sealed record RunBroken(string Cause, string? Vertex, bool IsDiverged);
