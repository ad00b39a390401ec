using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;

namespace PcActors.Runs;

/// <summary>Where a network runs: <see cref="InProcess"/>, as the <see cref="Reference"/>, or on
/// the nodes of a cluster. The bits are the same.</summary>
public abstract class NetworkPlace
{
    private protected NetworkPlace()
    {
    }

    /// <summary>The graph as it runs there: levelled, where the rule asks for it.</summary>
    internal virtual Graph<T> RunGraphOf<T>(Graph<T> graph, NetworkOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        options.Rule.RunGraphOf(graph, options.Levelled, options.Latents);

    /// <summary>Starts a run.</summary>
    /// <param name="plan">What runs.</param>
    /// <param name="cancellation">Ends the waiting for the place.</param>
    internal abstract Task<IRun> StartAsync<T>(NetworkPlan<T> plan, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A network that is about to run.</summary>
/// <param name="Source">The graph before levelling.</param>
/// <param name="Graph">The graph as it runs.</param>
/// <param name="Options">How it runs.</param>
/// <param name="VertexOptions">What all its vertices have in common.</param>
/// <param name="Snapshot">What it goes on from; null for initial values.</param>
internal sealed record NetworkPlan<T>(
    Graph<T> Source, Graph<T> Graph, NetworkOptions Options, VertexOptions VertexOptions, NetworkSnapshot<T>? Snapshot)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Training steps made before.</summary>
    public long Step => Snapshot?.Step ?? 0;

    /// <summary>Checks that a network can run as it is asked to.</summary>
    /// <exception cref="GraphException">Nothing in the graph can learn.</exception>
    /// <exception cref="PcActors.Tensors.ShapeException">The loss does not fit the root.</exception>
    /// <exception cref="ArgumentException">The options do not fit one another, or a number is
    /// out of range; or the snapshot is another network's.</exception>
    public static NetworkPlan<T> Of(Graph<T> graph, NetworkOptions options, NetworkSnapshot<T>? snapshot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MicroBatches, 1, nameof(options.MicroBatches));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries, nameof(options.MaxRetries));
        if (options.StepTimeout <= TimeSpan.Zero)
            throw new ArgumentException("the step timeout must be positive", nameof(options));
        if (options.Schedule.Lacks is { } lacking)
            throw new ArgumentException(
                $"the schedule {options.Schedule.Name} lacks {lacking}; give it the length of the run");
        if (options.Loss.TargetShape(graph.Root.Shape).Length == 0 && !options.OnlyPredicts)
            throw new PcActors.Tensors.ShapeException(
                $"the root '{graph.Root.Name}' predicts {graph.Root.Shape}, which is no number at all, so there is no "
                + "loss; a batch of at least one sample is needed");
        snapshot?.RequireFit(graph, options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sweeps, 1, nameof(options.Sweeps));
        var runGraph = options.Where.RunGraphOf(graph, options);
        if (!options.OnlyPredicts && !runGraph.RequiresError(runGraph.RootId))
            throw new GraphException("no parameter of the graph can learn", graph.Root.Name);
        RequireKnown(runGraph, options);
        RequireClampable(graph, runGraph, options);
        return new NetworkPlan<T>(graph, runGraph, options, VertexOptionsOf(runGraph, options), snapshot);
    }

    private static VertexOptions VertexOptionsOf(Graph<T> graph, NetworkOptions options)
    {
        var rule = options.Rule;
        if (options.Where is not Reference && rule.RestsBehindWave && !graph.IsLevelled)
            throw new ArgumentException($"the rule '{rule.Name}' rests behind the wave, which needs a levelled graph");
        var clock = options.Clock ?? (rule.FitsWavefront ? Clock.Wavefront : Clock.Lockstep);
        if (clock == Clock.Wavefront && !rule.FitsWavefront)
            throw new ArgumentException(
                $"the rule '{rule.Name}' needs the lockstep clock; the wavefront clock serves Z-IL only");
        return new VertexOptions(rule, clock, options.Loss, options.Optimizer, options.MicroBatches,
            rule.StepsOn(graph.Depth))
        {
            Schedule = options.Schedule,
            Seed = options.Seed,
            Sweeps = options.Sweeps,
            Codings = options.Codings,
            Clamped = options.Clamped,
            SettlingSteps = options.SettlingSteps,
        };
    }

    /// <summary>Refuses clamps, and free leaves, that the rule or the graph does not know.</summary>
    private static void RequireClampable(Graph<T> source, Graph<T> graph, NetworkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SettlingSteps ?? 1, 1, nameof(options.SettlingSteps));
        var rule = options.Where is Reference ? "bp" : options.Rule.Name;
        // A rule that learns at levels knows a wave, and no values that settle.
        if (options.Rule.LearnsAtLevel && source.DataLeaves.FirstOrDefault(v => v.IsFree) is { } free)
            throw new GraphException(
                $"the data leaf '{free.Name}' is free, and under the rule '{rule}' values do not settle; "
                + "clamp it, or take il, ipc, epc, pc-alm or langevin", free.Name);
        if (options.Clamped.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"the vertex '{twice.Key}' is named as clamped twice", nameof(options));
        foreach (var name in options.Clamped)
        {
            var vertex = graph.Find(name);
            if (vertex is { Kind: VertexKind.Data, IsFree: false } || vertex.Id == graph.RootId)
                throw new GraphException(
                    $"the vertex '{name}' is {(vertex.Kind == VertexKind.Data ? "a data leaf" : "the root")}, and "
                    + "clamped in any case; free leaves and latent vertices are named", name);
            if (options.Rule.LearnsAtLevel)
                throw new GraphException(
                    $"the vertex '{name}' is to be clamped, and under the rule '{rule}' no vertex but the data leaves "
                    + "and the root has a value to be clamped; take il, ipc, epc, pc-alm or langevin", name);
            InferenceRequest.RequireHeld(vertex, isRoot: false);
        }
    }

    /// <summary>Refuses energies and rates of vertices that have none.</summary>
    private static void RequireKnown(Graph<T> graph, NetworkOptions options)
    {
        foreach (var vertex in graph.Vertices.Where(v => v.Function is GaussianPrecision<T> && !v.IsLatent))
            throw new GraphException(
                $"the vertex '{vertex.Name}' (GaussianPrecision) is not latent, and has no energy whose precision "
                + $"could be "
                + "read; make it latent, under another rule than zil and bp", vertex.Name);
        foreach (var coding in options.Codings)
        {
            var vertex = graph.Find(coding.Vertex);
            if (!vertex.IsLatent && !vertex.IsFree)
                throw new GraphException(
                    $"the vertex '{vertex.Name}' is neither latent nor a free leaf, so it has no energy and no rate of "
                    + "inference of its own", vertex.Name);
            if (coding.InferenceRate is { } rate && !(rate > 0 && double.IsFinite(rate)))
                throw new ArgumentException(
                    $"the inference rate of '{vertex.Name}' is {rate}; it must be positive and finite",
                    nameof(options));
        }
    }
}

/// <summary>A run at its place: it does one job after the other.</summary>
internal interface IRun : IAsyncDisposable
{
    /// <summary>Does a job, once those before it are done.</summary>
    Task<TResult> DoAsync<TResult>(Job<TResult> job);
}
