using System.Numerics;
using Akka.Actor;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing;

/// <summary>A network on actors, every message of which is recorded at the mailbox that it comes to. The same bits as without.</summary>
/// <remarks>The trace is whole when the network has been disposed of. When it cannot be written, the run goes on without:
/// <see cref="Failure"/> says why.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TracedSimulation<T> : ITracedNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TraceRecorder _recorder;
    private readonly TraceExtension _extension;
    private int _isDisposed;

    private TracedSimulation(Simulation<T> simulation, TraceRecorder recorder, TraceExtension extension) =>
        (Simulation, _recorder, _extension) = (simulation, recorder, extension);

    /// <summary>The network.</summary>
    public Simulation<T> Simulation { get; }

    /// <inheritdoc/>
    public Graph<T> Graph => Simulation.Graph;

    /// <inheritdoc/>
    public TraceTotals Totals => _recorder.Totals;

    /// <inheritdoc/>
    public Exception? Failure => _recorder.Failure;

    /// <summary>Starts a network and records from its first message on.</summary>
    /// <param name="graph">The network; shapes are those of one micro-batch.</param>
    /// <param name="options">How it runs. A mailbox that is set stays: it has to be built on the traced one to be seen.</param>
    /// <param name="trace">What is recorded, and where. The output is closed when the network cannot start.</param>
    /// <exception cref="GraphException">Nothing in the graph can learn.</exception>
    /// <exception cref="ShapeException">The loss does not fit the root.</exception>
    /// <exception cref="ArgumentException">The clock does not fit the rule, or a number is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another run in the actor system given is traced.</exception>
    public static TracedSimulation<T> Start(Graph<T> graph, SimulationOptions options, TraceOptions trace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trace.Capacity, 4, nameof(trace));
        var recorder = new TraceRecorder(new TraceInspector<T>(trace.Payloads, trace.Norms), trace);
        TraceExtension? extension = null;
        void Attach(ActorSystem system)
        {
            var found = TraceExtension.Of(system);
            found.Attach(recorder);
            extension = found;
        }
        try
        {
            if (options.ActorSystem is { } system)
            {
                system.Settings.InjectTopLevelFallback(TraceMailbox.Configuration);
                Attach(system);
            }
            var simulation = Simulation<T>.Start(graph, options with
            {
                VertexMailbox = options.VertexMailbox ?? TraceMailbox.VertexPath,
                CoordinatorMailbox = options.CoordinatorMailbox ?? TraceMailbox.CoordinatorPath,
                CreateSystem = config =>
                {
                    var system = ActorSystem.Create(SimulationConfig.SystemName, TraceMailbox.Configuration.WithFallback(config));
                    Attach(system);
                    return system;
                },
            });
            recorder.Begin(TraceHeader.Of(simulation.RunGraph, simulation.VertexOptions, trace.Model, trace.Payloads));
            return new TracedSimulation<T>(simulation, recorder, extension!);
        }
        catch
        {
            extension?.Detach();
            trace.Output.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Batch<T> NewBatch() => Simulation.NewBatch();

    /// <inheritdoc/>
    public Task<StepResult> StepAsync(Batch<T> batch) => Simulation.StepAsync(batch);

    /// <inheritdoc/>
    public Task<Tensor<T>> PredictAsync(Batch<T> batch) => Simulation.PredictAsync(batch);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync() => Simulation.ParametersAsync();

    /// <inheritdoc/>
    public Task<MessageCounts> CountMessagesAsync() => Simulation.CountMessagesAsync();

    /// <inheritdoc/>
    /// <remarks>Ends the trace.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        try
        {
            // A vertex answers after all that came before: no message of a step is left in a mailbox when it is closed.
            // An actor system that is gone answers nothing.
            var isQuiet = Simulation.CountMessagesAsync();
            if (await Task.WhenAny(isQuiet, Simulation.Terminated).ConfigureAwait(false) == isQuiet) await isQuiet.ConfigureAwait(false);
        }
        catch (Exception e) when (e is RunFailedException or ObjectDisposedException)
        {
            // Then there are such messages, and the trace says so.
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await Simulation.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _extension.Detach();
            await _recorder.EndAsync().ConfigureAwait(false);
        }
    }
}
