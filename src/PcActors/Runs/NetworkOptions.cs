using Microsoft.Extensions.Logging;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;

namespace PcActors.Runs;

/// <summary>How a network runs: by which rule, where, and whether it is recorded.</summary>
public sealed record NetworkOptions
{
    /// <summary>Where it runs; on actors in this process by default.</summary>
    public NetworkPlace Where { get; init; } = new InProcess();

    /// <summary>Who records every message between its actors; null for nobody.</summary>
    public Recording? Recording { get; init; }

    /// <summary>Where an actor system that is made for the run logs; null for nowhere, at no cost.
    /// A given system, or a cluster's node, logs where it says itself.</summary>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>The learning rule; Z-IL by default.</summary>
    public LearningRule Rule { get; init; } = LearningRule.Zil;

    /// <summary>Whether the graph is levelled first. By default it is for rules that learn
    /// at a level: Z-IL needs it, and without it shows why. IL runs the graph as it is.</summary>
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

    /// <summary>Decides what is drawn at random while the network learns.</summary>
    public ulong Seed { get; init; }

    /// <summary>How long a step may go without a sign of progress before it is tried again.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a step is tried again before the run fails.</summary>
    public int MaxRetries { get; init; } = 3;

    internal RetryPolicy Retries => new(StepTimeout, MaxRetries);
}
