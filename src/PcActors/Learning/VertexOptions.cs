using PcActors.Learning.Energies;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;

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
    /// <summary>How the learning rate changes from step to step.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Decides what is drawn at random while the network learns.</summary>
    public ulong Seed { get; init; }

    /// <summary>Sweeps of the forward initialisation, from zeros: more than one only where there are cycles.</summary>
    public int Sweeps { get; init; } = 1;

    /// <summary>The vertices that have an energy, or a rate of inference, of their own.</summary>
    public IReadOnlyList<VertexCoding> Codings { get; init; } = [];

    /// <summary>Latent vertices and free leaves that training steps clamp; they are free elsewhere.</summary>
    public IReadOnlyList<string> Clamped { get; init; } = [];

    /// <summary>T of an inference outside training; null for <see cref="InferenceSteps"/>.</summary>
    public int? SettlingSteps { get; init; }

    /// <summary>Whether a vertex under lockstep sends again what it has, where nothing has moved that it follows from.
    /// Otherwise it computes all anew, to the same bits: what checks others takes nothing over.</summary>
    internal bool Reuses { get; init; } = true;

    /// <summary>What a vertex has of its own; null for nothing.</summary>
    internal VertexCoding? CodingOf(string vertex) => Codings.FirstOrDefault(c => c.Vertex == vertex);
}

/// <summary>What one vertex has of its own of predictive coding.</summary>
/// <param name="Vertex">Its name.</param>
/// <param name="Energy">A latent vertex's energy, or a free leaf's prior; null for the unit
/// Gaussian, or no prior.</param>
/// <param name="InferenceRate">gamma; null for the rule's.</param>
public sealed record VertexCoding(string Vertex, Energy? Energy = null, double? InferenceRate = null);
