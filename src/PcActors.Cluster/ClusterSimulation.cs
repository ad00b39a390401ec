using System.Globalization;
using System.Numerics;
using Akka.Actor;
using PcActors.Actors;
using PcActors.Cluster.Client;
using PcActors.Cluster.Hosting;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Cluster;

/// <summary>A network whose vertices are actors on the workers of a cluster: the same steps, with the same bits, as
/// <see cref="Simulation{T}"/> makes in one process.</summary>
/// <remarks>Workers and the coordinator may go: the steps since the last checkpoint are then made again.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ClusterSimulation<T> : ISnapshotNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClusterNode _node;
    private readonly ClusterRun<T> _run;
    private readonly IActorRef _client;
    private readonly BatchForm<T> _form;
    private int _isDisposed;

    private ClusterSimulation(ClusterNode node, ClusterRun<T> run)
    {
        (_node, _run) = (node, run);
        _form = new BatchForm<T>(run.Source, run.VertexOptions.Loss, run.VertexOptions.MicroBatches);
        _client = node.System.ActorOf(Props.Create(() => new RunClient<T>(run)), run.Name);
    }

    /// <inheritdoc/>
    public Graph<T> Graph => _run.Source;

    /// <summary>The graph that runs: levelled, where the rule asks for it.</summary>
    public Graph<T> RunGraph => _run.Graph;

    /// <summary>The run's name, unlike any other's.</summary>
    internal string Name => _run.Name;

    /// <summary>Starts a network: waits for workers and spawns the vertices there.</summary>
    /// <param name="node">This process's node of the cluster.</param>
    /// <param name="graph">The network; shapes are those of one micro-batch.</param>
    /// <param name="options">How it runs. Threads, mailbox and actor system are the workers' own.</param>
    /// <param name="cluster">How it uses the cluster.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">An option is out of range; or what is restored is another network's.</exception>
    /// <exception cref="ClusterException">There are more nodes than vertices.</exception>
    /// <exception cref="RunFailedException">The workers do not come, or the vertices could not be started.</exception>
    public static async Task<ClusterSimulation<T>> StartAsync(
        ClusterNode node, Graph<T> graph, SimulationOptions options, ClusterOptions cluster, NetworkSnapshot<T>? restored = null,
        CancellationToken cancellation = default)
    {
        Simulation<T>.Check(graph, options);
        restored?.RequireFit(graph, options.Optimizer);
        var runGraph = Simulation<T>.RunGraphOf(graph, options);
        RequireSense(cluster, runGraph.Vertices.Count);
        var name = string.Create(CultureInfo.InvariantCulture, $"run-{Guid.NewGuid():n}");
        var run = new ClusterRun<T>(
            name, graph, runGraph, Simulation<T>.VertexOptionsOf(runGraph, options), new RetryPolicy(options.StepTimeout, options.MaxRetries),
            cluster, RunCheckpoint<T>.Of(runGraph, restored), new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        var simulation = new ClusterSimulation<T>(node, run);
        try
        {
            await run.Started.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return simulation;
        }
        catch (Exception)
        {
            await simulation.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Batch<T> NewBatch() => _run.NewBatch();

    /// <inheritdoc/>
    /// <remarks>Steps may be queued: a call need not wait for the one before.</remarks>
    public Task<StepResult> StepAsync(Batch<T> batch) => Do(new TrainingStep<T>(_form.Require(batch)));

    /// <inheritdoc/>
    public Task<Tensor<T>> PredictAsync(Batch<T> batch) => Do(new Prediction<T>(_form.Require(batch)));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync()
    {
        var values = await Do(new ParameterCollection<T>()).ConfigureAwait(false);
        return Parameters.Join(RunGraph, id => values[id]);
    }

    /// <inheritdoc/>
    public Task<MessageCounts> CountMessagesAsync() => Do(new CounterCollection());

    /// <inheritdoc/>
    public async Task<NetworkSnapshot<T>> SnapshotAsync() => (await Do(new CheckpointCollection<T>()).ConfigureAwait(false)).Named(RunGraph);

    /// <summary>What has gone over the links between the nodes that have vertices, and between them and the coordinator, since the graph
    /// was last placed, by node and peer.</summary>
    public Task<IReadOnlyList<LinkCounters>> CountTrafficAsync() => Do(new LinkCounterCollection());

    /// <inheritdoc/>
    /// <remarks>The workers' vertices are stopped; the node stays in the cluster.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        var end = new EndOfRun();
        _client.Tell(end, ActorRefs.NoSender);
        await Task.WhenAny(end.Task, _node.System.WhenTerminated).ConfigureAwait(false);
        var stopped = _client.GracefulStop(TimeSpan.FromSeconds(10));
        await Task.WhenAny(stopped, _node.System.WhenTerminated).ConfigureAwait(false);
    }

    private static void RequireSense(ClusterOptions options, int vertices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinNodes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Nodes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SnapshotEvery, 1, nameof(options));
        if (Math.Max(options.Nodes, options.MinNodes) > vertices)
        {
            throw new ClusterException($"{Math.Max(options.Nodes, options.MinNodes)} nodes are more than the graph's {vertices} vertices");
        }
    }

    private async Task<TResult> Do<TResult>(Job<TResult> job)
    {
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        _client.Tell(job, ActorRefs.NoSender);
        // A node that is gone leaves jobs without an answer.
        if (await Task.WhenAny(job.Task, _node.System.WhenTerminated).ConfigureAwait(false) != job.Task && !job.Task.IsCompleted)
            throw new RunFailedException("this node has left the cluster, or was removed from it");
        return await job.Task.ConfigureAwait(false);
    }
}
