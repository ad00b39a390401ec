using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tracing.Format;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Recorded and recomputed messages are the same, bit for bit, and there are no others.</summary>
/// <remarks>Either of the two may come first: a receiver may be done with a message before its sender is.</remarks>
internal sealed class RecomputeCheck<T>(AuditGraph graph)
    : Check("recompute",
        "a vertex made anew from the header and fed with what it took sends what is recorded, bit for bit, and "
        + "nothing else", graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, RecomputedVertex<T>> _vertices = [];
    private readonly TraceInspector<T> _inspector = new(payloads: true, norms: false);
    private readonly Dictionary<StepId, int> _lastRunOf = [];
    private readonly SentMessages _recorded = new();
    private readonly SentMessages _recomputed = new();

    public int Vertices => _vertices.Count;

    /// <summary>Messages that were brought together.</summary>
    public long Compared { get; private set; }

    public void Add(VertexDescription<T> description, VertexOptions options) => _vertices.Add(
        description.Id,
        new RecomputedVertex<T>(description, options, Graph, _inspector,
            record => Compare(record, _recomputed, _recorded)));

    public void See(TraceRecord record)
    {
        if (record.From == TraceRecord.Coordinator && record.IsOfStep)
            _lastRunOf[StepOf(record.StepId)] = Math.Max(record.Attempt,
                _lastRunOf.GetValueOrDefault(StepOf(record.StepId)));
        if (AuditedMessage.KindOf(
            record) is not
            {
                Route: MessageRoute.BetweenVertices or MessageRoute.ToVertex
                or MessageRoute.FromVertex
            } kind) return;
        if (_vertices.ContainsKey(record.From)) Compare(record, _recorded, _recomputed);
        if (record.Taken > 0 && _vertices.TryGetValue(record.To, out var vertex)
            && vertex.Take(kind, record) is { } refusal)
            Violate($"{Graph.Name(record.To)} refuses what it was sent: {refusal}", record.StepId, record.Edge,
                record.N);
    }

    public override void End()
    {
        foreach (var key in _recorded.Alone.Where(k => !_vertices[k.From].HasRefused))
            Complain(key, "was recorded, and its vertex, fed with what it had taken, does not send it");
        // What was lost made an attempt fail; the trace may end within the last one.
        var last = _lastRunOf.Keys.DefaultIfEmpty().Max();
        foreach (var key in _recomputed.Alone.Where(
            k => StepOf(k.Step) < last && k.Step.Run == _lastRunOf.GetValueOrDefault(StepOf(k.Step))))
            Complain(key, "was not recorded, and its vertex, fed with what it had taken, sends it");
    }

    private void Compare(TraceRecord record, SentMessages own, SentMessages others)
    {
        var key = own.KeyOf(record);
        if (others.Take(key) is { } other)
        {
            Compared++;
            if (!SentMessages.CarrySame(record, other))
                Complain(key, "carried other bits than its vertex, fed with what it had taken, sends");
        }
        else if (!own.Add(key, record))
        {
            Complain(key, "was sent twice");
        }
    }

    private void Complain(SentKey key, string wrong)
    {
        var place = FormattableString.Invariant($"micro-batch {key.MicroBatch ?? -1}, time {key.Time ?? -1}");
        var what = $"the {key.Kind} of {Graph.Name(key.From)} to {Graph.Name(key.To)}, {place}, {wrong}";
        Violate(what, key.Step, key.Edge);
    }

    private static StepId StepOf(StepId attempt) => attempt with { Run = 0 };
}

/// <summary>One vertex, made from the header, that is fed its recorded messages; what it sends
/// goes to the comparison.</summary>
internal sealed class RecomputedVertex<T>(
    VertexDescription<T> description, VertexOptions options, AuditGraph graph, TraceInspector<T> inspector,
    Action<TraceRecord> sent) : IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexState<T> _state = VertexState<T>.Create(description, options with { Reuses = false });

    /// <summary>Whether it has refused a message: it is fed no more then.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Feeds it a record's message.</summary>
    /// <returns>Why it refused; null when it did not.</returns>
    public string? Take(MessageKind kind, TraceRecord record)
    {
        if (HasRefused || kind.Route == MessageRoute.FromVertex) return null;
        try
        {
            _state.Receive(RecordedMessage<T>.Of(kind, record), this);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What it is fed comes from a file: whatever it makes of that is the audit's
            // finding, and not the audit's end.
            HasRefused = true;
            return e.Message;
        }
    }

    void IOutbox<T>.SendValue(int consumer, ValueMessage<T> message) =>
        Send(graph.Edges[graph.PlaceOf(message.Edge)].To, message);

    void IOutbox<T>.SendError(int slot, ErrorMessage<T> message) =>
        Send(graph.Edges[graph.PlaceOf(message.Edge)].From, message);

    void IOutbox<T>.Report(object report) => Send(TraceRecord.Coordinator, report);

    private void Send(int to, object message)
    {
        var record = new TraceRecord { From = description.Id, To = to };
        inspector.Inspect(message, record);
        sent(record);
    }
}
