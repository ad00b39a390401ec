using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using Akka.Actor;
using PcActors.Cluster.Traces;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tracing;
using PcActors.Tracing.Format;
using PcActors.Tracing.Merging;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Client;

/// <summary>A run on the workers of a cluster: its work, and its client, an actor that gives the work to the
/// coordinator. The work outlives the client, when this process's node is removed from the cluster
/// and joins it again.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ClusterRun<T> : IRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConcurrentQueue<Job> _jobs = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly TraceRecording? _recording;
    private readonly Task _kept;
    private volatile IActorRef _client;
    private volatile Task _gone = Task.CompletedTask;
    private volatile RunFailedException? _failure;
    private int _term;

    private ClusterRun(OnNodes place, NetworkPlan<T> plan)
    {
        (Place, Plan) = (place, plan);
        _recording = (TraceRecording?)plan.Options.Recording;
        var graph = plan.Graph;
        var states = plan.Snapshot is { } snapshot
            ? graph.Parameters.ToDictionary(v => v.Id, v => snapshot.States[v.Name])
            : [];
        var options = plan.VertexOptions;
        var forecast = MessageForecast.Of(graph, options.Rule, options.MicroBatches, options.Sweeps);
        Work = new WorkLine<T>(
            () => new Batch<T>(
                plan.Source, plan.Options.Loss, plan.Options.MicroBatches, plan.Options.Clamped),
            new RunState<T>(plan.Step, states, new MessageCounts(0, 0)),
            graph.Parameters.Select(v => v.Id).ToHashSet(), place.SnapshotEvery, forecast.ValuesPerPrediction);
        _client = NewClient();
        _kept = KeepAsync();
    }

    /// <summary>The run's name, unlike any other's.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"run-{Guid.NewGuid():n}");

    /// <summary>Where it runs.</summary>
    public OnNodes Place { get; }

    /// <summary>What runs.</summary>
    public NetworkPlan<T> Plan { get; }

    /// <summary>What every node records; null for nothing.</summary>
    public NodeTracing? Tracing =>
        _recording?.Options is { } options ? new NodeTracing(options.Payloads, options.Norms) : null;

    /// <summary>The work; the client's alone while there is one.</summary>
    public WorkLine<T> Work { get; }

    /// <summary>Coordinators that have been asked to take care of the run.</summary>
    public int Incarnations { get; set; }

    /// <summary>How often the graph has been placed.</summary>
    public int Placings { get; private set; }

    /// <summary>Starts a run.</summary>
    /// <param name="place">Where.</param>
    /// <param name="plan">What.</param>
    /// <param name="cancellation">Ends the waiting for workers.</param>
    /// <exception cref="RunFailedException">The workers do not come, or the vertices could not be started.</exception>
    public static async Task<IRun> StartAsync(OnNodes place, NetworkPlan<T> plan, CancellationToken cancellation)
    {
        var run = new ClusterRun<T>(place, plan);
        try
        {
            await run._started.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return run;
        }
        catch (Exception)
        {
            await run.EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Tells whoever watches.</summary>
    public void Report(string line) => Place.Progress?.Invoke(line);

    /// <summary>The graph is placed.</summary>
    /// <param name="term">The term that begins.</param>
    public void Begin(int term)
    {
        Placings++;
        _term = term;
        _started.TrySetResult();
    }

    /// <summary>The next job; null when there is none.</summary>
    public Job? NextJob() => _jobs.TryDequeue(out var job) ? job : null;

    /// <summary>Ends the run: all jobs fail. The client's alone while there is one.</summary>
    public void Fail(RunFailedException failure)
    {
        failure = _failure ??= failure;
        _started.TrySetException(failure);
        Work.Fail(failure);
        FailJobs(failure);
    }

    /// <inheritdoc/>
    public Task<TResult> DoAsync<TResult>(Job<TResult> job)
    {
        _jobs.Enqueue(job);
        if (_failure is { } failure) FailJobs(failure);
        else _client.Tell(JobsWait.Instance, ActorRefs.NoSender);
        return job.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        if (_recording is not null) await WriteTraceAsync(_recording).ConfigureAwait(false);
    }

    private IActorRef NewClient()
    {
        _gone = Place.Node.System.WhenTerminated;
        return Place.Node.System.ActorOf(Props.Create(() => new RunClient<T>(this)), Name);
    }

    /// <summary>Joins the cluster again when this node was removed from it, until the run
    /// has failed or ended.</summary>
    private async Task KeepAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            await Place.Node.System.WhenTerminated.WaitAsync(_ending.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ending.IsCancellationRequested) return;
            var failure = new RunFailedException("this node has left the cluster, or was removed from it");
            if (_failure is not null || !Place.Rejoins || Place.Node.IsLeaving)
            {
                Fail(failure);
                return;
            }
            Report("this node was removed from the cluster; it joins again");
            try
            {
                await Place.Node.RejoinAsync(_ending.Token).ConfigureAwait(false);
                if (_ending.IsCancellationRequested) return;
                Work.Pause();
                _client = NewClient();
                if (_failure is null) _client.Tell(JobsWait.Instance, ActorRefs.NoSender);
            }
            catch (OperationCanceledException)
            {
                // The run has ended meanwhile, or its node is disposed of.
                Fail(failure);
                return;
            }
            catch (Exception e) when (e is ClusterException or InvalidOperationException)
            {
                Fail(new RunFailedException($"{failure.Message}: {e.Message}", cause: e));
                return;
            }
        }
    }

    private async Task EndAsync()
    {
        // No further client is made: the last one is told, unless its actor system is gone,
        // whatever system the node has by now.
        await _ending.CancelAsync().ConfigureAwait(false);
        await _kept.ConfigureAwait(false);
        var end = new EndOfRun();
        _client.Tell(end, ActorRefs.NoSender);
        await Task.WhenAny(end.Task, _gone).ConfigureAwait(false);
        await Task.WhenAny(_client.GracefulStop(TimeSpan.FromSeconds(10)), _gone).ConfigureAwait(false);
        Fail(new RunFailedException("the run was stopped"));
    }

    private void FailJobs(RunFailedException failure)
    {
        while (_jobs.TryDequeue(out var job)) job.Fail(failure);
    }

    private async Task WriteTraceAsync(TraceRecording recording)
    {
        var options = recording.Options;
        var collection = new TraceCollection(Place.Node, Name);
        try
        {
            var header = TraceHeader.Of(Plan.Graph, Plan.VertexOptions, options.Model, options.Payloads, Plan.Step);
            var parts = await collection.FetchAsync(Placings, _term).ConfigureAwait(false);
            try
            {
                recording.Totals = new TraceMerge(header, [.. parts.Select(p => p.Node)],
                    [.. parts.Select(p => p.Part)]).WriteTo(options.Output);
            }
            finally
            {
                foreach (var (_, part) in parts) await part.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A trace is no reason for a run to fail.
            recording.Failure = e;
            options.OnTrouble?.Invoke($"{options.OutputName}: the trace is abandoned: {e.Message}");
        }
        finally
        {
            collection.Forget();
        }
    }
}

/// <summary>To a run's client: there are jobs.</summary>
internal sealed record JobsWait
{
    public static JobsWait Instance { get; } = new();
}
