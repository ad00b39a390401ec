using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;

namespace PcActors.Learning;

/// <summary>Who says when a timestep of inference has come.</summary>
public enum Clock
{
    /// <summary>The messages themselves: a vertex acts when those of its timestep are complete.</summary>
    Wavefront,

    /// <summary>The coordinator: every active vertex does its part of a timestep, then the next begins.</summary>
    Lockstep,
}

/// <summary>What all vertices of a run have in common.</summary>
/// <param name="Rule">How they infer and learn.</param>
/// <param name="Clock">Who says when.</param>
/// <param name="Loss">What sets the root's error.</param>
/// <param name="Optimizer">How parameters learn.</param>
/// <param name="MicroBatches">Micro-batches a step, at least 1.</param>
/// <param name="InferenceSteps">T on this graph.</param>
public sealed record VertexOptions(
    LearningRule Rule, Clock Clock, Loss Loss, Optimizer Optimizer, int MicroBatches, int InferenceSteps)
{
    /// <summary>Decides what is drawn at random while the network learns.</summary>
    public ulong Seed { get; init; }
}
