using System.Numerics;
using PcActors.Learning.Energies;
using PcActors.Tensors;

namespace PcActors.Learning.Protocol;

/// <summary>To every parameter: begin a step, after taking the update of an earlier one over.</summary>
/// <param name="Step">The step that begins.</param>
/// <param name="Commit">The step whose update now counts; null discards what was computed and not committed.</param>
/// <param name="BatchSize">Samples of the batch: a parameter learns from the mean of their errors.</param>
internal sealed record BeginStep(StepId Step, StepId? Commit, int BatchSize);

/// <summary>To a data leaf, or to a latent vertex where the step may clamp it: its value for one
/// micro-batch.</summary>
/// <param name="Step">The step.</param>
/// <param name="MicroBatch">From 0.</param>
/// <param name="Value">The value; null for none, of what is free.</param>
/// <param name="Mask">1 where the value is clamped, 0 where it is free and starts there; null for everywhere.</param>
internal sealed record ClampData<T>(StepId Step, int MicroBatch, Tensor<T>? Value, Tensor<T>? Mask = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the root: what it should have predicted for one micro-batch.</summary>
/// <param name="Step">The step.</param>
/// <param name="MicroBatch">From 0.</param>
/// <param name="Target">In the form that the loss takes; null when the root is free.</param>
/// <param name="BatchSize">Samples of the whole batch, over which the loss is a mean.</param>
/// <param name="Mask">Of the prediction's shape: 1 where the target counts, 0 where the root is free; null for
/// everywhere.</param>
internal sealed record ClampTarget<T>(
    StepId Step, int MicroBatch, Tensor<T>? Target, int BatchSize, Tensor<T>? Mask = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>To the root: hand out the prediction of one micro-batch; nothing is learnt.</summary>
internal sealed record RequestPrediction(StepId Step, int MicroBatch);

/// <summary>What a timestep is for.</summary>
[Flags]
public enum TimestepPurpose
{
    /// <summary>Values move a last time.</summary>
    None = 0,

    /// <summary>A further sweep of forward initialisation, of a graph with cycles: values follow their
    /// predictions.</summary>
    Initialise = 1,

    /// <summary>Errors are pulled back to what inference moves.</summary>
    Infer = 2,

    /// <summary>Errors are pulled back to parameters.</summary>
    Learn = 4,

    /// <summary>Errors are pulled back to both.</summary>
    InferAndLearn = Infer | Learn,
}

/// <summary>Under lockstep, to a vertex that is active at a timestep: do your part of it.</summary>
internal sealed record Advance(
    StepId Step, int Time, TimestepPurpose Purpose = TimestepPurpose.InferAndLearn);

/// <summary>To a parameter: take a step's update over, and report your value.</summary>
/// <remarks>One message for both: were they two and the first lost, an old value would pass for the new one.</remarks>
/// <param name="Commit">The step whose update now counts; null before the first one has ended.</param>
/// <param name="Inquiry">The question's number, which stands in the answer: a late answer to an
/// earlier one is none to this.</param>
internal sealed record RequestParameter(StepId? Commit, int Inquiry = 0);

/// <summary>To a parameter: report all that a run goes on from, after the last step's update.</summary>
internal sealed record RequestSnapshot(int Inquiry = 0);

/// <summary>To any vertex: report the value that you hold.</summary>
internal sealed record RequestValue(int Inquiry = 0);

/// <summary>To any vertex: report how many messages you have sent.</summary>
internal sealed record RequestCounters(int Inquiry = 0);

/// <summary>To any vertex: report whether the value that you hold has a NaN or an infinity.</summary>
internal sealed record RequestFiniteness(int Inquiry = 0);

/// <summary>From the root: the loss of one micro-batch, its share of the mean over the batch.</summary>
internal sealed record LossReport(StepId Step, int MicroBatch, double Loss);

/// <summary>Under lockstep, from the root and from vertices that only close cycles: the forward initialisation of one
/// micro-batch has arrived. All others are on the way to one of them.</summary>
internal sealed record ForwardReport(StepId Step, int MicroBatch, int Vertex);

/// <summary>From the root, on request: the prediction of one micro-batch, a copy.</summary>
internal sealed record PredictionReport<T>(StepId Step, int MicroBatch, Tensor<T> Prediction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From a parameter: the step's update is computed and waits for its commit.</summary>
/// <param name="Step">The step.</param>
/// <param name="Vertex">Who reports.</param>
/// <param name="Time">When the errors acted that it has learnt from.</param>
internal sealed record UpdateReport(StepId Step, int Vertex, int Time = 0);

/// <summary>Under lockstep, from a vertex: its part of a timestep is done.</summary>
/// <param name="Step">The step.</param>
/// <param name="Time">The timestep.</param>
/// <param name="Vertex">Who reports.</param>
/// <param name="Energy">Its energy, summed over samples: of the root the loss, of a direct vertex 0.</param>
internal sealed record AdvanceReport(StepId Step, int Time, int Vertex, EnergySum Energy = default);

/// <summary>From a vertex, on request: its answer.</summary>
/// <param name="Inquiry">The question's number.</param>
/// <param name="Vertex">Who answers.</param>
internal abstract record AnswerReport(int Inquiry, int Vertex);

/// <summary>From a parameter, on request: its committed value, a copy.</summary>
internal sealed record ParameterReport<T>(int Inquiry, int Vertex, Tensor<T> Value) : AnswerReport(Inquiry, Vertex)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From a parameter, on request: copies of its value and its optimizer's state.</summary>
internal sealed record SnapshotReport<T>(int Inquiry, int Vertex, ParameterSnapshot<T> Snapshot)
    : AnswerReport(Inquiry, Vertex)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From a vertex, on request: a copy of the value that it holds, micro-batches stacked; null before it has
/// one.</summary>
internal sealed record ValueReport<T>(int Inquiry, int Vertex, Tensor<T>? Value) : AnswerReport(Inquiry, Vertex)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From a vertex, on request: messages sent since it was made.</summary>
internal sealed record CountersReport(int Inquiry, int Vertex, long Values, long Errors)
    : AnswerReport(Inquiry, Vertex);

/// <summary>From a vertex, on request: whether the value that it holds is finite.</summary>
internal sealed record FinitenessReport(int Inquiry, int Vertex, bool Finite) : AnswerReport(Inquiry, Vertex);
