using System.Numerics;
using PcActors.Actors;
using PcActors.Cluster.Traces;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tracing;
using PcActors.Tracing.Merging;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster;

/// <summary>A network whose vertices are on the workers of a cluster, every message of which is recorded at the mailbox that it comes to,
/// on whatever node. The same bits as without.</summary>
/// <remarks>Every node records for itself; the parts are fetched and merged when the network is disposed of. When a node is lost, the run
/// goes on, and there is no trace: <see cref="Failure"/> says so.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TracedClusterSimulation<T> : ITracedNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClusterSimulation<T> _simulation;
    private readonly TraceHeader _header;
    private readonly TraceOptions _trace;
    private readonly TraceCollection _collection;
    private int _isDisposed;

    private TracedClusterSimulation(ClusterSimulation<T> simulation, ClusterNode node, TraceHeader header, TraceOptions trace)
    {
        (_simulation, _header, _trace) = (simulation, header, trace);
        _collection = new TraceCollection(node, simulation.Name);
    }

    /// <inheritdoc/>
    public Graph<T> Graph => _simulation.Graph;

    /// <summary>The network.</summary>
    public ClusterSimulation<T> Simulation => _simulation;

    /// <inheritdoc/>
    public TraceTotals Totals { get; private set; }

    /// <inheritdoc/>
    public Exception? Failure { get; private set; }

    /// <summary>Starts a network and records from its first message on.</summary>
    /// <param name="node">This process's node of the cluster.</param>
    /// <param name="graph">The network; shapes are those of one micro-batch.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="cluster">How it uses the cluster.</param>
    /// <param name="trace">What is recorded, and where. The output is closed when the network cannot start.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ClusterException">There are more nodes than vertices.</exception>
    /// <exception cref="RunFailedException">The workers do not come, or the vertices could not be started.</exception>
    public static async Task<TracedClusterSimulation<T>> StartAsync(
        ClusterNode node, Graph<T> graph, SimulationOptions options, ClusterOptions cluster, TraceOptions trace, CancellationToken cancellation = default)
    {
        try
        {
            var simulation = await ClusterSimulation<T>.StartAsync(
                node, graph, options, cluster with { Trace = new NodeTracing(trace.Payloads, trace.Norms) }, cancellation: cancellation).ConfigureAwait(false);
            var header = TraceHeader.Of(simulation.RunGraph, Simulation<T>.VertexOptionsOf(simulation.RunGraph, options), trace.Model, trace.Payloads);
            return new TracedClusterSimulation<T>(simulation, node, header, trace);
        }
        catch
        {
            await trace.Output.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Batch<T> NewBatch() => _simulation.NewBatch();

    /// <inheritdoc/>
    public Task<StepResult> StepAsync(Batch<T> batch) => _simulation.StepAsync(batch);

    /// <inheritdoc/>
    public Task<Tensor<T>> PredictAsync(Batch<T> batch) => _simulation.PredictAsync(batch);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync() => _simulation.ParametersAsync();

    /// <inheritdoc/>
    public Task<MessageCounts> CountMessagesAsync() => _simulation.CountMessagesAsync();

    /// <inheritdoc/>
    /// <remarks>Ends the trace.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        try
        {
            // A vertex answers after all that came before: no message of a step is left in a mailbox when it is closed.
            await _simulation.CountMessagesAsync().ConfigureAwait(false);
        }
        catch (RunFailedException)
        {
            // Then there are such messages, and the trace says so.
        }
        await _simulation.DisposeAsync().ConfigureAwait(false);
        try
        {
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A trace is no reason for a run to fail.
            Failure = e;
            _trace.OnTrouble?.Invoke($"{_trace.OutputName}: the trace is abandoned: {e.Message}");
        }
        finally
        {
            _collection.Forget();
            await _trace.Output.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync()
    {
        var parts = await _collection.FetchAsync().ConfigureAwait(false);
        try
        {
            Totals = new TraceMerge(_header, [.. parts.Select(p => p.Node)], [.. parts.Select(p => p.Part)]).WriteTo(_trace.Output);
        }
        finally
        {
            foreach (var (_, part) in parts) await part.DisposeAsync().ConfigureAwait(false);
        }
    }
}
