using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Wire;

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
    string Model, VertexOptions Options, RetryPolicy Retries, int Nodes, int MinNodes, TimeSpan Patience,
    string Version, int Vertices, long Step,
    bool HasBegun, NodeTracing? Trace = null);

/// <summary>From a run's client: one vertex of the graph as it runs.</summary>
/// <param name="Vertex">The vertex.</param>
/// <param name="Inputs">Its input edges, by slot.</param>
/// <param name="State">What a parameter goes on from; null for other vertices.</param>
internal sealed record RunVertex<T>(Vertex<T> Vertex, IReadOnlyList<Edge> Inputs, ParameterSnapshot<T>? State)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the client: the graph is placed and waits for work.</summary>
/// <param name="Term">The term that begins.</param>
/// <param name="Nodes">Workers that it is on.</param>
/// <param name="Step">Training steps that its parameters have learnt from.</param>
internal sealed record TermBegun(int Term, int Nodes, long Step);

/// <summary>To the client: a term has ended before its time; another follows.</summary>
internal sealed record TermEnded(int Term, string Cause);

/// <summary>What a piece of work is.</summary>
internal enum WorkKind
{
    /// <summary>Train on a batch; what comes of it is a <see cref="StepResult"/>.</summary>
    Step,

    /// <summary>Predict for inputs; what comes of it is a tensor.</summary>
    Prediction,

    /// <summary>Collect the counts of messages since the term began.</summary>
    Counts,

    /// <summary>Collect the parameters' states: one <see cref="StateCollected{T}"/> each, and then
    /// the counts as above.</summary>
    States,
}

/// <summary>From a run's client: work for a term, numbered from 1 in each: the order in which it is done.</summary>
/// <param name="Term">The term.</param>
/// <param name="Number">Its number.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Inputs">For a step or a prediction: a batch's inputs.</param>
/// <param name="Target">For a step: its target.</param>
internal sealed record Work<T>(int Term, long Number, WorkKind Kind, IReadOnlyList<Tensor<T>> Inputs, Tensor<T>? Target)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the client: what came of a piece of work.</summary>
internal sealed record WorkDone<T>(int Term, long Number, object Result)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the client: one parameter's state.</summary>
internal sealed record StateCollected<T>(int Term, int Vertex, ParameterSnapshot<T> State)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the client: the run cannot go on, and another coordinator would not mend it.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Vertex">The vertex at fault.</param>
/// <param name="DivergedAt">The step at which the loss was not finite any more; null where that is not why.</param>
internal sealed record RunBroken(string Cause, string? Vertex = null, long? DivergedAt = null);
