using System.Numerics;
using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Actors;

/// <summary>A network on actors: one for every vertex of its levelled graph. The way in for programs.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Simulation<T> : ISnapshotNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly IActorRef _coordinator;
    private readonly IActorRef _host;
    private readonly VertexOptions _options;
    private readonly BatchForm<T> _form;
    private readonly MessageCounts _earlier;
    private int _isDisposed;

    private Simulation(Graph<T> graph, SimulationOptions options, NetworkSnapshot<T>? restored)
    {
        _earlier = restored?.Messages ?? new MessageCounts(0, 0);
        Graph = graph;
        RunGraph = RunGraphOf(graph, options);
        _options = VertexOptionsOf(RunGraph, options);
        _form = new BatchForm<T>(graph, options.Loss, options.MicroBatches);
        _ownsSystem = options.ActorSystem is null;
        _system = options.ActorSystem ?? CreateSystem(options);
        var plan = StepPlan.Of(RunGraph, _options);
        var retries = new RetryPolicy(options.StepTimeout, options.MaxRetries);
        _coordinator = _system.ActorOf(Deploy(Props.Create(() => new Coordinator<T>(plan, _options, retries)), options.CoordinatorMailbox));
        var states = restored?.States;
        var vertexProps = Deploy(VertexActor<T>.Props, options.VertexMailbox);
        _host = _system.ActorOf(Props.Create(() => new VertexHost<T>(RunGraph, _options, _coordinator, vertexProps, states)));
    }

    /// <inheritdoc/>
    public Graph<T> Graph { get; }

    /// <summary>The graph that runs: levelled, where the rule asks for it.</summary>
    public Graph<T> RunGraph { get; }

    /// <summary>What all vertices have in common.</summary>
    internal VertexOptions VertexOptions => _options;

    /// <summary>Completes when the actor system is gone.</summary>
    internal Task Terminated => _system.WhenTerminated;

    /// <summary>The clock that the steps follow.</summary>
    public Clock Clock => _options.Clock;

    /// <summary>Starts a network: spawns its vertices.</summary>
    /// <param name="graph">The network; shapes are those of one micro-batch.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <exception cref="GraphException">Nothing in the graph can learn.</exception>
    /// <exception cref="ShapeException">The loss does not fit the root.</exception>
    /// <exception cref="ArgumentException">The clock does not fit the rule, or a number is out of range; or what is restored is another network's.</exception>
    public static Simulation<T> Start(Graph<T> graph, SimulationOptions? options = null, NetworkSnapshot<T>? restored = null)
    {
        options ??= new SimulationOptions();
        Check(graph, options);
        restored?.RequireFit(graph, options.Optimizer);
        return new Simulation<T>(graph, options, restored);
    }

    /// <summary>Refuses what cannot run.</summary>
    internal static void Check(Graph<T> graph, SimulationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MicroBatches, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries, nameof(options));
        if (options.StepTimeout <= TimeSpan.Zero) throw new ArgumentException("the step timeout must be positive", nameof(options));
        if (!graph.RequiresError(graph.RootId)) throw new GraphException("no parameter of the graph can learn", graph.Root.Name);
        options.Loss.TargetShape(graph.Root.Shape);
    }

    /// <summary>The graph as it runs: levelled, where the rule asks for it.</summary>
    internal static Graph<T> RunGraphOf(Graph<T> graph, SimulationOptions options) =>
        options.Levelled ?? options.Rule.LearnsAtLevel ? Levelling.Level(graph) : graph;

    /// <inheritdoc/>
    public Batch<T> NewBatch() => new(Graph, _options.Loss, _options.MicroBatches);

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
    public async Task<NetworkSnapshot<T>> SnapshotAsync()
    {
        // Both are asked for at once, so that no step comes between.
        var (asked, messages) = (Do(new SnapshotCollection<T>()), CountMessagesAsync());
        var states = await asked.ConfigureAwait(false);
        return new NetworkSnapshot<T>(
            states.ToDictionary(s => RunGraph.Vertices[s.Key].Name, s => s.Value, StringComparer.Ordinal), await messages.ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <remarks>Those before a restored snapshot are among them.</remarks>
    public async Task<MessageCounts> CountMessagesAsync()
    {
        var counts = await Do(new CounterCollection()).ConfigureAwait(false);
        return new MessageCounts(_earlier.Values + counts.Values, _earlier.Errors + counts.Errors);
    }

    /// <inheritdoc/>
    /// <remarks>Work that is under way or waits fails with a <see cref="RunFailedException"/>.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        // Behind every job that was sent, so that none is left without an answer.
        var end = new EndOfRun();
        _coordinator.Tell(end, ActorRefs.NoSender);
        await Task.WhenAny(end.Task, _system.WhenTerminated).ConfigureAwait(false);
        if (_ownsSystem)
        {
            await _system.Terminate().ConfigureAwait(false);
            return;
        }
        await Task.WhenAll(_host.GracefulStop(Timeout), _coordinator.GracefulStop(Timeout)).ConfigureAwait(false);
    }

    private static TimeSpan Timeout => TimeSpan.FromSeconds(30);

    private Task<TResult> Do<TResult>(Job<TResult> job)
    {
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        _coordinator.Tell(job, ActorRefs.NoSender);
        return job.Task;
    }

    private Props Deploy(Props props, string? mailbox)
    {
        if (_ownsSystem) props = props.WithDispatcher(SimulationConfig.Dispatcher);
        return mailbox is null ? props : props.WithMailbox(mailbox);
    }

    private static ActorSystem CreateSystem(SimulationOptions options)
    {
        var config = SimulationConfig.For(options.Threads);
        return options.CreateSystem?.Invoke(config) ?? ActorSystem.Create(SimulationConfig.SystemName, config);
    }

    internal static VertexOptions VertexOptionsOf(Graph<T> graph, SimulationOptions options)
    {
        if (options.Rule.RestsBehindWave && !graph.IsLevelled)
            throw new ArgumentException($"the rule '{options.Rule.Name}' rests behind the wave, which needs a levelled graph");
        var clock = options.Clock ?? (options.Rule.FitsWavefront ? Learning.Clock.Wavefront : Learning.Clock.Lockstep);
        if (clock == Learning.Clock.Wavefront && !options.Rule.FitsWavefront)
            throw new ArgumentException($"the rule '{options.Rule.Name}' needs the lockstep clock; the wavefront clock serves Z-IL only");
        return new VertexOptions(
            options.Rule, clock, options.Loss, options.Optimizer, options.MicroBatches, options.Rule.StepsOn(graph.Depth));
    }
}
