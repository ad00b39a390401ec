using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Testing;

/// <summary>Runs all vertices of a graph and their coordinator on one thread, without actors.</summary>
/// <remarks>Undelivered messages lie in a bag; a seeded scheduler picks the next one. So
/// any order of arrival that actors can produce can be produced here, and again. When a message is lost and nothing
/// moves any more, the coordinator is told that time has passed, and begins the step anew.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VertexNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly VertexOptions _options;
    private readonly Delivery _delivery;
    private readonly StepPlan _plan;
    private readonly StepMachine<T> _machine;
    private readonly MessageBag _bag;
    private readonly List<Envelope> _late = [];
    private readonly IVertex<T>[] _vertices;
    private readonly Outbox[] _outboxes;
    private Advance? _advance;
    private long _values;
    private long _errors;

    /// <summary>A network at rest.</summary>
    /// <param name="graph">The graph that runs: levelled, if the rule needs it.</param>
    /// <param name="options">What all vertices have in common.</param>
    /// <param name="delivery">How messages travel.</param>
    /// <param name="replace">Puts another vertex in a vertex's place; null to run the library's own.</param>
    public VertexNetwork(
        Graph<T> graph, VertexOptions options, Delivery? delivery = null, Func<IVertex<T>, IVertex<T>>? replace = null)
    {
        (Graph, _options, _delivery) = (graph, options, delivery ?? new Delivery());
        _plan = StepPlan.Of(graph, options);
        _bag = new MessageBag(_delivery.Order, _delivery.Seed);
        _vertices = new IVertex<T>[graph.Vertices.Count];
        _outboxes = new Outbox[_vertices.Length];
        for (var id = 0; id < _vertices.Length; id++)
        {
            var vertex = new StateVertex<T>(
                VertexState<T>.Create(VertexDescription<T>.Of(graph, id), options, Buffers));
            _vertices[id] = replace is null ? vertex : replace(vertex);
            _outboxes[id] = new Outbox(this, id);
        }
        var retries = new RetryPolicy(Timeout, _delivery.MaxAttempts - 1);
        _machine = new StepMachine<T>(_plan, options, retries, new Outbox(this, Envelope.Coordinator));
        _machine.Start();
    }

    /// <summary>The graph that runs.</summary>
    public Graph<T> Graph { get; }

    /// <summary>Memory for errors: filled with NaN as it comes back, so that a use after that shows.</summary>
    internal BufferPool<T> Buffers { get; } = new(poisons: true, leastBytes: 1);

    /// <summary>How often the last step or prediction was begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>Messages that vertices have sent to each other.</summary>
    public MessageCounts Sent => new(_values, _errors);

    /// <summary>Told of every message as it is sent.</summary>
    public Action<Envelope>? Sending { get; set; }

    /// <summary>A batch to fill.</summary>
    public Batch<T> NewBatch() => new(Graph, _options.Loss, _options.MicroBatches, _options.Clamped);

    /// <summary>One training step.</summary>
    /// <returns>The loss before the update.</returns>
    /// <exception cref="StalledException">It did not end, however often it was begun.</exception>
    public double Step(Batch<T> batch) => Train(batch).Loss;

    /// <summary>One training step.</summary>
    /// <returns>All that is known of it.</returns>
    /// <exception cref="StalledException">It did not end, however often it was begun.</exception>
    public StepResult Train(Batch<T> batch) => Do(new TrainingStep<T>(batch, WithEnergies: true));

    /// <summary>The root's prediction for a batch's inputs, micro-batches stacked.</summary>
    /// <exception cref="StalledException">It did not arrive, however often it was asked for.</exception>
    public Tensor<T> Predict(Batch<T> batch) => Do(new Prediction<T>(batch));

    /// <summary>A parameter's value with the last step's update.</summary>
    /// <exception cref="StalledException">It was not told, however often it was asked for.</exception>
    public Tensor<T> Parameter(int vertex) => Do(new ParameterCollection<T>())[vertex];

    /// <summary>Gives a vertex a control message at once, past all that is under way.</summary>
    public void Tell(int vertex, object message) => _vertices[vertex].Receive(message, _outboxes[vertex]);

    private TResult Do<TResult>(Job<TResult> job)
    {
        Attempts = 1;
        _machine.Do(job);
        AddLate();
        for (; Deliver(job); Attempts++)
        {
            _advance = null;
            _machine.Tick(TimeSpan.Zero);
            _machine.Tick(Timeout);
            AddLate();
        }
        if (job.Task.Exception?.InnerException is RunFailedException failure and not DivergedException)
            throw new StalledException(failure.Message);
        return job.Task.GetAwaiter().GetResult();
    }

    /// <summary>Delivers what is under way until a job has ended.</summary>
    /// <returns>Whether nothing moves any more and it has not.</returns>
    private bool Deliver<TResult>(Job<TResult> job)
    {
        do
        {
            while (!job.Task.IsCompleted && _bag.TryTake(out var envelope))
            {
                if (envelope.Receiver == Envelope.Coordinator) _machine.Receive(envelope.Message);
                else Tell(envelope.Receiver, envelope.Message);
            }
        }
        while (!job.Task.IsCompleted && StandIn());
        return !job.Task.IsCompleted;
    }

    private void AddLate()
    {
        foreach (var envelope in _late) _bag.Add(envelope);
        _late.Clear();
    }

    /// <summary>Reports, for vertices that break the protocol, what they owe at the current timestep,
    /// unless it is the last.</summary>
    /// <returns>Whether somebody owed something.</returns>
    private bool StandIn()
    {
        if (_delivery.TimestepEnd != TimestepEnd.Quiet || _advance is not { } advance
            || advance.Time == _plan.Timesteps - 1) return false;
        _advance = null;
        foreach (var vertex in _plan.ActiveAt(advance.Time, advance.Purpose))
            _machine.Receive(new AdvanceReport(advance.Step, advance.Time, vertex));
        foreach (var vertex in _plan.LearningAt(advance.Time, advance.Purpose))
            _machine.Receive(new UpdateReport(advance.Step, vertex));
        return true;
    }

    private void Send(Envelope envelope)
    {
        Sending?.Invoke(envelope);
        var fate = _delivery.Faults?.Invoke(envelope) ?? Fate.Arrives;
        if (fate is Fate.Arrives or Fate.ArrivesTwice or Fate.ArrivesAgainLate) _bag.Add(envelope);
        if (fate is Fate.ArrivesTwice) _bag.Add(envelope);
        if (fate is Fate.ArrivesLate or Fate.ArrivesAgainLate) _late.Add(envelope);
    }

    /// <summary>The way out of one vertex, or of the coordinator.</summary>
    private sealed class Outbox(VertexNetwork<T> network, int sender) : IOutbox<T>, IStepOutbox
    {
        public void SendValue(int consumer, ValueMessage<T> message)
        {
            network._values++;
            network.Send(new Envelope(sender, network.Graph.Consumers(sender)[consumer].To, message));
        }

        public void SendError(int slot, ErrorMessage<T> message)
        {
            network._errors++;
            network.Send(new Envelope(sender, network.Graph.Inputs(sender)[slot].From, message));
        }

        public void Report(object report) => network.Send(new Envelope(sender, Envelope.Coordinator, report));

        public void Tell(int vertex, object message)
        {
            if (message is Advance advance) network._advance = advance;
            network.Send(new Envelope(sender, vertex, message));
        }
    }
}
