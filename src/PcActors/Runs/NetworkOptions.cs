using System.Numerics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Schedules;

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

    /// <summary>Which vertices are latent; null for those that the graph marks, or for
    /// <see cref="Graphs.Latents.Activations"/> where it marks none. Z-IL knows every one,
    /// and no other choice.</summary>
    public Latents? Latents { get; init; }

    /// <summary>The vertices that have an energy, or a rate of inference, of their own.</summary>
    public IReadOnlyList<VertexCoding> Codings { get; init; } = [];

    /// <summary>Latent vertices and free leaves that training steps clamp: each has a tensor in a batch
    /// (<see cref="Batch{T}.Clamped"/>). A prediction goes from the leaves, free ones that are named among them;
    /// <see cref="INetwork{T}.InferAsync"/> clamps what it is told to. Data leaves that are not free are clamped in any
    /// case.</summary>
    public IReadOnlyList<string> Clamped { get; init; } = [];

    /// <summary>T of <see cref="INetwork{T}.InferAsync"/>; null for the rule's.</summary>
    public int? SettlingSteps { get; init; }

    /// <summary>Sweeps of the forward initialisation of a graph with cycles, from zeros.</summary>
    public int Sweeps { get; init; } = 1;

    /// <summary>Whether it only predicts: nothing in the graph need be able to learn, and training steps are
    /// refused.</summary>
    public bool OnlyPredicts { get; init; }

    /// <summary>Whether training steps report the energies of all vertices and timesteps.</summary>
    public bool WithEnergies { get; init; }

    /// <summary>The clock. IL and every rule whose vertices do not rest behind the wave need lockstep; the default is
    /// wavefront where the rule allows it.</summary>
    public Clock? Clock { get; init; }

    /// <summary>The loss; softmax cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>The optimizer; plain gradient descent by default.</summary>
    public Optimizer Optimizer { get; init; } = new Sgd(0.1);

    /// <summary>How the learning rate changes from step to step; it stays by default.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Micro-batches a step, in flight at once.</summary>
    public int MicroBatches { get; init; } = 1;

    /// <summary>Decides what is drawn at random while the network learns.</summary>
    public ulong Seed { get; init; }

    /// <summary>How long a step may go without a sign of progress before it is tried again.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a step is tried again before the run fails.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Which vertices of a graph are latent, free and clamped, their energies and rates, and
    /// the sweeps, as a text that is another one where they are others; null under a rule whose values rest.</summary>
    public string? CodingOf<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Rule.RestsBehindWave) return null;
        var marked = Rule.RunGraphOf(graph, Levelled, Latents);
        var text = JsonSerializer.Serialize(new
        {
            Latent = marked.Vertices.Where(v => v.IsLatent).Select(v => v.Name),
            Free = marked.Vertices.Where(v => v.IsFree).Select(v => v.Name),
            Codings = Codings.Select(c => new { c.Vertex, Energy = c.Energy?.Values.ToString(), c.InferenceRate }),
            Sweeps,
        });
        return Clamped.Count == 0 ? text : text + JsonSerializer.Serialize(Clamped.Order(StringComparer.Ordinal));
    }

    internal RetryPolicy Retries => new(StepTimeout, MaxRetries);
}
