using Akka.Actor;
using Akka.Configuration;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning;

namespace PcActors.Actors;

/// <summary>How a network is run on actors.</summary>
public sealed record SimulationOptions
{
    /// <summary>The learning rule; Z-IL by default.</summary>
    public LearningRule Rule { get; init; } = LearningRule.Zil;

    /// <summary>Whether the graph is levelled first. By default it is for rules that learn at a level: Z-IL needs it, and
    /// without it shows why. IL runs the graph as it is.</summary>
    public bool? Levelled { get; init; }

    /// <summary>The clock. IL and every rule whose vertices do not rest behind the wave need lockstep; the default is
    /// wavefront where the rule allows it.</summary>
    public Clock? Clock { get; init; }

    /// <summary>The loss; softmax cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>The optimizer; plain gradient descent by default.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd(0.1);

    /// <summary>Micro-batches a step, in flight at once.</summary>
    public int MicroBatches { get; init; } = 1;

    /// <summary>Threads on which vertices run; 0 for the thread pool's. No bit depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>How long a step may go without a sign of progress before it is tried again.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a step is tried again before the run fails.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>An actor system to run in; by default the simulation has one of its own.</summary>
    public ActorSystem? ActorSystem { get; init; }

    /// <summary>Configuration path of the vertices' mailbox; null for the plain one.</summary>
    public string? VertexMailbox { get; init; }

    /// <summary>Configuration path of the coordinator's mailbox; null for the plain one.</summary>
    public string? CoordinatorMailbox { get; init; }

    /// <summary>Makes the simulation's own actor system from its configuration; null for one that has nothing more.</summary>
    internal Func<Config, ActorSystem>? CreateSystem { get; init; }
}
