using System.Numerics;
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
        options.Rule.RunGraphOf(graph, options.Levelled);

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
        if (!graph.RequiresError(graph.RootId))
            throw new GraphException("no parameter of the graph can learn", graph.Root.Name);
        options.Loss.TargetShape(graph.Root.Shape);
        snapshot?.RequireFit(graph, options);
        var runGraph = options.Where.RunGraphOf(graph, options);
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
            Seed = options.Seed,
        };
    }
}

/// <summary>A run at its place: it does one job after the other.</summary>
internal interface IRun : IAsyncDisposable
{
    /// <summary>Does a job, once those before it are done.</summary>
    Task<TResult> DoAsync<TResult>(Job<TResult> job);
}
