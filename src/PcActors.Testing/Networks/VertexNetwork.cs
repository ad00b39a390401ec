using System.Numerics;
using PcActors.Actors;
using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Testing;

/// <summary>Runs all vertices of a graph on one thread, without actors, and plays the coordinator.</summary>
/// <remarks>Undelivered messages lie in a bag; a seeded scheduler picks the next one. So any order of arrival that actors
/// can produce can be produced here, and again. When a message is lost and nothing moves any more, the step is begun anew,
/// as after a timeout.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class VertexNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexOptions _options;
    private readonly Delivery _delivery;
    private readonly StepPlan _plan;
    private readonly StepLedger _ledger;
    private readonly MessageBag _bag;
    private readonly List<Envelope> _late = [];
    private readonly IVertex<T>[] _vertices;
    private readonly Outbox[] _outboxes;
    private readonly Tensor<T>?[] _predictions;
    private object? _answer;
    private long _values;
    private long _errors;
    private int _run = 1;
    private long _step;
    private StepId? _completed;

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
        _ledger = new StepLedger(_plan, options.MicroBatches);
        _bag = new MessageBag(_delivery.Order, _delivery.Seed);
        _predictions = new Tensor<T>?[options.MicroBatches];
        _vertices = new IVertex<T>[graph.Vertices.Count];
        _outboxes = new Outbox[_vertices.Length];
        for (var id = 0; id < _vertices.Length; id++)
        {
            var vertex = new StateVertex<T>(VertexState<T>.Create(VertexDescription<T>.Of(graph, id), options));
            _vertices[id] = replace is null ? vertex : replace(vertex);
            _outboxes[id] = new Outbox(this, id);
        }
    }

    /// <summary>The graph that runs.</summary>
    public Graph<T> Graph { get; }

    /// <summary>How often the last step or prediction was begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>Messages that vertices have sent to each other.</summary>
    public MessageCounts Sent => new(_values, _errors);

    /// <summary>Told of every message as it is sent.</summary>
    public Action<Envelope>? Sending { get; set; }

    /// <summary>A batch to fill.</summary>
    public Batch<T> NewBatch() => new(Graph, _options.Loss, _options.MicroBatches);

    /// <summary>One training step.</summary>
    /// <returns>The loss before the update.</returns>
    /// <exception cref="StalledException">It did not end, however often it was begun.</exception>
    public double Step(Batch<T> batch)
    {
        Attempt(batch, micro => new ClampTarget<T>(Current, micro, batch.TargetOf(micro), batch.Size), () => _ledger.IsComplete && IsLastTimestep);
        _completed = Current;
        return _ledger.Loss;
    }

    /// <summary>The root's prediction for a batch's inputs, micro-batches stacked.</summary>
    /// <exception cref="StalledException">It did not arrive, however often it was asked for.</exception>
    public Tensor<T> Predict(Batch<T> batch)
    {
        _predictions.AsSpan().Clear();
        Attempt(batch, micro => new RequestPrediction(Current, micro), () => Array.TrueForAll(_predictions, p => p is not null));
        return Batch<T>.Stack([.. _predictions.Select(p => p!)]);
    }

    /// <summary>A parameter's value with the last step's update.</summary>
    public Tensor<T> Parameter(int vertex) => Ask<ParameterReport<T>>(vertex, new RequestParameter(_completed)).Value;

    /// <summary>Gives a vertex a control message at once, past all that is under way.</summary>
    public void Tell(int vertex, object message) => _vertices[vertex].Receive(message, _outboxes[vertex]);
}
