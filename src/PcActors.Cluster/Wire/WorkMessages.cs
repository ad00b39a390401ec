using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
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

    /// <summary>Infer with vertices clamped; what comes of it is an <see cref="InferenceDone{T}"/>.</summary>
    Inference,

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
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For a step: whether the energies of all vertices and timesteps are wanted.</summary>
    public bool WithEnergies { get; init; }

    /// <summary>For an inference: what is clamped and read.</summary>
    public InferenceWork<T>? Inference { get; init; }
}

/// <summary>What is clamped and read in an inference.</summary>
/// <param name="Clamps">By vertex.</param>
/// <param name="Reads">Ids of the vertices whose values are wanted.</param>
/// <param name="Order">Its number among the predictions and inferences since the last step.</param>
internal sealed record InferenceWork<T>(IReadOnlyList<ClampedVertex<T>> Clamps, IReadOnlyList<int> Reads, int Order)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What one vertex is clamped to.</summary>
/// <param name="Vertex">Its id.</param>
/// <param name="Parts">By micro-batch.</param>
internal sealed record ClampedVertex<T>(int Vertex, IReadOnlyList<Clamp<T>> Parts)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What came of an inference.</summary>
/// <param name="Values">The values that were asked for.</param>
/// <param name="Record">Its course.</param>
/// <param name="Messages">Messages between vertices.</param>
internal sealed record InferenceDone<T>(
    IReadOnlyList<VertexValue<T>> Values, InferenceRecord Record, MessageCounts Messages)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A vertex's value, micro-batches stacked.</summary>
internal sealed record VertexValue<T>(int Vertex, Tensor<T> Value)
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
/// <param name="Inference">Where inference was when it diverged; null where that is not why.</param>
internal sealed record RunBroken(
    string Cause, string? Vertex = null, long? DivergedAt = null, DivergedInference? Inference = null)
{
    /// <summary>What a job failed with.</summary>
    public static RunBroken Of(Exception error) => new(
        error.Message, (error as RunFailedException)?.Vertex, (error as DivergedException)?.Step,
        error is InferenceDivergedException inference
            ? new DivergedInference(inference.During, inference.Time, inference.Rate)
            : null);

    /// <summary>The same, on the client's node.</summary>
    public RunFailedException ToException() => (DivergedAt, Inference) switch
    {
        ({ } step, { } inference) when Vertex is not null =>
            new InferenceDivergedException(step, inference.During, Vertex, inference.Time, inference.Rate),
        ({ } step, _) => new DivergedException(step, Vertex),
        _ => new RunFailedException(Cause, Vertex),
    };
}

/// <summary>Where inference was when it diverged.</summary>
/// <param name="During">What it was part of, for a person.</param>
/// <param name="Time">The timestep.</param>
/// <param name="Rate">A rate of inference at which it would have settled; null when that is not known.</param>
internal sealed record DivergedInference(string During, int Time, double? Rate);
