using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>A network that runs somewhere: the way in for programs.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Network<T> : INetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan QuietPatience = TimeSpan.FromSeconds(10);

    private readonly NetworkPlan<T> _plan;
    private readonly IRun _run;
    private readonly BatchForm<T> _form;
    private int _isDisposed;
    private int _pending;

    private Network(NetworkPlan<T> plan, IRun run)
    {
        (_plan, _run) = (plan, run);
        _form = new BatchForm<T>(
            plan.Source, plan.Options.Loss, plan.Options.MicroBatches, plan.Options.Clamped);
    }

    /// <inheritdoc/>
    public Graph<T> Graph => _plan.Source;

    /// <inheritdoc/>
    public Graph<T> RunGraph => _plan.Graph;

    /// <inheritdoc/>
    public Loss Loss => _plan.Options.Loss;

    /// <summary>The clock that the steps follow.</summary>
    public Clock Clock => _plan.VertexOptions.Clock;

    /// <summary>The run at its place.</summary>
    internal IRun Run => _run;

    /// <summary>Starts a network.</summary>
    /// <param name="graph">The network; shapes are those of one micro-batch.</param>
    /// <param name="options">How it runs; by default by Z-IL, on actors in this process.</param>
    /// <param name="snapshot">What it goes on from, in place of initial values.</param>
    /// <param name="cancellation">Ends the waiting, where the place is one that has to be waited for.</param>
    /// <exception cref="GraphException">Nothing in the graph can learn.</exception>
    /// <exception cref="ShapeException">The loss does not fit the root.</exception>
    /// <exception cref="ArgumentException">The options do not fit one another, or a number is
    /// out of range; or the snapshot is another network's.</exception>
    /// <exception cref="InvalidOperationException">Another run in the actor system given is recorded, or the recording
    /// is another run's.</exception>
    /// <exception cref="RunFailedException">The place is not there.</exception>
    public static async Task<Network<T>> StartAsync(
        Graph<T> graph, NetworkOptions? options = null, NetworkSnapshot<T>? snapshot = null,
        CancellationToken cancellation = default)
    {
        options ??= new NetworkOptions();
        options.Recording?.Take();
        try
        {
            var plan = NetworkPlan<T>.Of(graph, options, snapshot);
            return new Network<T>(plan, await options.Where.StartAsync(plan, cancellation).ConfigureAwait(false));
        }
        catch
        {
            if (options.Recording is { } recording) await recording.EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Batch<T> NewBatch() => new(
        Graph, _plan.Options.Loss, _plan.Options.MicroBatches, _plan.Options.Clamped);

    /// <inheritdoc/>
    /// <remarks>Steps may be queued: a call need not wait for the one before.</remarks>
    public Task<StepResult> StepAsync(Batch<T> batch) => _plan.Options.OnlyPredicts
        ? throw new InvalidOperationException("the network was started with OnlyPredicts, and makes no training steps")
        : Do(new TrainingStep<T>(_form.Require(batch), _plan.Options.WithEnergies));

    /// <inheritdoc/>
    public async Task<Inference<T>> InferAsync(
        IReadOnlyDictionary<string, Clamp<T>> clamps, IReadOnlyList<string> reads)
    {
        var job = InferenceRequest.JobOf(_plan, clamps, reads);
        var (values, record) = await Do(job).ConfigureAwait(false);
        return new Inference<T>(
            values.ToDictionary(v => RunGraph.Vertices[v.Key].Name, v => v.Value, StringComparer.Ordinal), record);
    }

    /// <inheritdoc/>
    public Task<Tensor<T>> PredictAsync(Batch<T> batch) => Do(new Prediction<T>(_form.Require(batch)));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync()
    {
        var values = await Do(new ParameterCollection<T>()).ConfigureAwait(false);
        return Parameters.Join(RunGraph, id => values[id]);
    }

    /// <inheritdoc/>
    public async Task<NetworkSnapshot<T>> SnapshotAsync()
    {
        var (step, states, messages) = await Do(new StateCollection<T>()).ConfigureAwait(false);
        var named = states.ToDictionary(s => RunGraph.Vertices[s.Key].Name, s => s.Value, StringComparer.Ordinal);
        return new NetworkSnapshot<T>(step, named, AfterEarlier(messages)) { Seed = _plan.Options.Seed };
    }

    /// <summary>The same network with other parameters, in this process.</summary>
    /// <param name="values">By the name of their vertex in <see cref="RunGraph"/>.</param>
    internal async Task<Network<T>> CopyAsync(IReadOnlyDictionary<string, Tensor<T>> values)
    {
        var snapshot = await SnapshotAsync().ConfigureAwait(false);
        var options = _plan.Options with
        {
            Recording = null,
            // A mailbox that was given may be one that records.
            Where = _plan.Options.Where switch
            {
                Reference reference => reference,
                InProcess place => new InProcess { Threads = place.Threads, ActorSystem = place.ActorSystem },
                _ => new InProcess(),
            },
        };
        return await StartAsync(Graph, options, snapshot with
        {
            States = snapshot.States.ToDictionary(s => s.Key, s => s.Value with { Value = values[s.Key] },
                StringComparer.Ordinal),
            Best = null,
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<MessageCounts> CountMessagesAsync() =>
        AfterEarlier(await Do(new CounterCollection()).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        try
        {
            // Behind what is pending it would wait for that, which may never end; the end of the run fails it.
            if (_plan.Options.Recording is not null && Volatile.Read(ref _pending) == 0)
                await QuietAsync().ConfigureAwait(false);
            await _run.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            if (_plan.Options.Recording is { } recording) await recording.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A vertex answers after all that came before: no message of a step is left in a
    /// mailbox when it is closed.</summary>
    private async Task QuietAsync()
    {
        try
        {
            await _run.DoAsync(new CounterCollection()).WaitAsync(QuietPatience).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RunFailedException or TimeoutException)
        {
            // Then there are such messages, and the trace says so.
        }
    }

    private MessageCounts AfterEarlier(MessageCounts counts)
    {
        var earlier = _plan.Snapshot?.Messages ?? new MessageCounts(0, 0);
        return new MessageCounts(earlier.Values + counts.Values, earlier.Errors + counts.Errors);
    }

    private Task<TResult> Do<TResult>(Job<TResult> job)
    {
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        return DoAsync();

        async Task<TResult> DoAsync()
        {
            Interlocked.Increment(ref _pending);
            try
            {
                return await _run.DoAsync(job).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }
}
