using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>The account of one attempt at a step: which messages there were, and when each
/// was sent and taken.</summary>
/// <remarks>A place is a kind's edge or vertex, micro-batch and time, as far as messages of the kind have one.
/// Along Z-IL's wave each edge has one time, so that its account has one value and one error an edge and micro-batch;
/// under the full dynamics there are as many as timesteps.</remarks>
internal sealed class Attempt
{
    private readonly AuditGraph _graph;
    private readonly AuditRule _rule;

    // By kind, time, and the rest of the place.
    private readonly Dictionary<MessageKind, Transit[]?[]> _transits;
    private readonly Timetable _table;
    private readonly List<(int Time, long Number)> _contradictions = [];

    public Attempt(StepId step, AuditGraph graph, AuditRule rule, int microBatches)
    {
        (Step, _graph, _rule, MicroBatches) = (step, graph, rule, microBatches);
        var times = rule.RestsBehindWave ? 1
            : Math.Max(1, step.Infers ? rule.SettlingTimesteps : rule.Timesteps) + 1;
        _table = new Timetable(times, microBatches, step.Infers);
        Due = new DueMessages(graph, rule, _table);
        _transits = MessageKind.All.Where(kind => kind.IsOfAttempt)
            .ToDictionary(kind => kind, kind => new Transit[]?[kind.HasTime ? times : 1]);
    }

    public StepId Step { get; }

    public int MicroBatches { get; }

    /// <summary>Sequence number of the coordinator's first message in it; <see cref="long.MaxValue"/>
    /// when there is none.</summary>
    public long Began { get; private set; } = long.MaxValue;

    public bool HasBegun => Began < long.MaxValue;

    /// <summary>Whether the root was clamped to a target, in a step.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>Whether it goes by timesteps and learns nothing: an inference, or a prediction of several
    /// sweeps.</summary>
    public bool IsInference { get; private set; }

    /// <summary>Which messages there must be.</summary>
    public DueMessages Due { get; }

    /// <summary>Under lockstep and the full dynamics: the last timestep and 1; 0 before the first.</summary>
    public int Timesteps => _table.Timesteps;

    /// <summary>Messages that told a vertex another purpose of a timestep than those before.</summary>
    public IReadOnlyList<(int Time, long Number)> Contradictions => _contradictions;

    /// <summary>What the coordinator said that a timestep is for; null when it said nothing.</summary>
    public TimestepPurpose? PurposeAt(int time) => _table[time];

    /// <summary>Whether the root was asked for its prediction.</summary>
    public bool IsPrediction { get; private set; }

    /// <summary>Whether a later attempt at the same step was begun. Known when the account is closed.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the trace ends with it. Known when the account is closed.</summary>
    public bool IsLast { get; set; }

    /// <summary>When the coordinator had the last report that it waits for;
    /// <see cref="long.MaxValue"/> when it never had it. Known when the account is closed.</summary>
    public long Ended { get; private set; }

    /// <summary>Whether the coordinator had all reports that it waits for.</summary>
    public bool HasEnded => Ended < long.MaxValue;

    /// <summary>Whether nothing may be missing: it ended, or it should have, for another step follows.</summary>
    public bool IsWhole => HasBegun && !IsAbandoned && (HasEnded || !IsLast);

    /// <summary>The steps whose updates its parameters were told to take over: one, if all is well.</summary>
    public HashSet<StepId?> Commits { get; } = [];

    /// <summary>Values between vertices.</summary>
    public long Values { get; private set; }

    /// <summary>Errors between vertices.</summary>
    public long Errors { get; private set; }

    /// <summary>The message of a kind.</summary>
    /// <param name="kind">One that belongs to an attempt.</param>
    /// <param name="place">Place of the edge, or the vertex.</param>
    /// <param name="microBatch">From 0, where the kind has one.</param>
    /// <param name="time">When it acts, where the kind has a time; along the wave there is
    /// one, and any will do.</param>
    public Transit this[MessageKind kind, int place, int microBatch = 0, int time = 0]
    {
        get
        {
            var times = _transits[kind];
            if (times.Length == 1) time = 0;
            return (uint)time < (uint)times.Length && times[time] is { } transits
                ? transits[PlaceOf(kind, place, microBatch)]
                : default;
        }
    }

    /// <summary>When a leaf's or the root's part began: a parameter's first message of the step,
    /// a clamp, a request.</summary>
    public Transit Beginning(int vertex, int microBatch) =>
        _graph.IsParameter(vertex) ? this[MessageKind.BeginStep, vertex]
        : _graph.IsData(vertex) ? this[MessageKind.ClampData, vertex, microBatch]
        : this[IsTraining || IsInference ? MessageKind.ClampTarget : MessageKind.RequestPrediction, vertex, microBatch];

    /// <summary>Adds a record.</summary>
    public MessageStatus Add(TraceRecord record, MessageKind kind, int edge)
    {
        if (kind == MessageKind.Value) Values++;
        else if (kind == MessageKind.Error) Errors++;
        else if (kind == MessageKind.BeginStep) Commits.Add(record.Commit);
        IsTraining |= kind == MessageKind.ClampTarget && !Step.IsPrediction;
        IsInference |= kind == MessageKind.ClampTarget && Step.IsPrediction;
        if (kind == MessageKind.Advance && record.Time is { } time
            && !_table.Add(time, record.Purpose ?? TimestepPurpose.InferAndLearn))
            _contradictions.Add((time, record.N));
        IsPrediction |= kind == MessageKind.RequestPrediction;
        var status = Enter(record, kind, kind.HasEdge ? edge : AuditedMessage.VertexOf(kind, record));
        if (status != MessageStatus.Misplaced && kind is { Route: MessageRoute.ToVertex, HasTime: false }
            && record.From == TraceRecord.Coordinator)
            Began = Math.Min(Began, record.N);
        return status;
    }

    /// <summary>Sums the account up, once no more records come.</summary>
    public void SumUp() => Ended = IsTraining || IsInference ? LastReport() : OfRoot(MessageKind.PredictionReport);

    private MessageStatus Enter(TraceRecord record, MessageKind kind, int place)
    {
        var times = _transits[kind];
        var time = times.Length == 1 ? 0 : record.Time ?? -1;
        // A value that is the same for all micro-batches stands in the first one's place.
        var micro = kind.HasEdge
            ? Math.Max(0, record.MicroBatch ?? 0)
            : kind.HasMicroBatch ? record.MicroBatch ?? -1 : 0;
        var isPlace = kind.HasEdge
            ? place >= 0
            : _graph.IsIn(VertexGroup.All, place) && (kind.Vertices != VertexGroup.Root || place == _graph.Root);
        if (!isPlace || (uint)time >= (uint)times.Length || (uint)micro >= (uint)MicroBatches)
            return MessageStatus.Misplaced;
        var transits = times[time] ??= new Transit[Places(kind)];
        ref var transit = ref transits[PlaceOf(kind, place, micro)];
        if (transit.Happened) return MessageStatus.Duplicate;
        transit = Transit.Of(record);
        return MessageStatus.First;
    }

    private int Places(MessageKind kind) =>
        (kind.HasEdge ? _graph.Edges.Count : kind.Vertices == VertexGroup.Root ? 1 : _graph.Vertices.Count)
            * (kind.HasMicroBatch ? MicroBatches : 1);

    private int PlaceOf(MessageKind kind, int place, int microBatch)
    {
        if (kind.Vertices == VertexGroup.Root) place = 0;
        return kind.HasMicroBatch ? (place * MicroBatches) + microBatch : place;
    }

    private long LastReport()
    {
        var last = Math.Max(OfRoot(MessageKind.LossReport), _rule.IsLockstep ? Initialised : 0);
        for (var v = 0; v < _graph.Vertices.Count; v++)
        {
            if (IsTraining && _graph.Learns(v)) last = Math.Max(last, LastUpdate(v).TakenAt);
            if (!_rule.IsLockstep || !_graph.Acts(v)) continue;
            if (_rule.RestsBehindWave) last = Math.Max(last, this[MessageKind.AdvanceReport, v].TakenAt);
            for (var time = 0; time < Timesteps && !_rule.RestsBehindWave; time++)
            {
                if (Due.Acts(v, time)) last = Math.Max(last, this[MessageKind.AdvanceReport, v, time: time].TakenAt);
            }
        }
        return last;
    }

    /// <summary>A parameter's last report that it has learnt.</summary>
    public Transit LastUpdate(int vertex)
    {
        for (var time = Timesteps; time > 0 && !_rule.RestsBehindWave; time--)
        {
            if (this[MessageKind.UpdateReport, vertex, time: time] is { Happened: true } update) return update;
        }
        return _rule.RestsBehindWave ? this[MessageKind.UpdateReport, vertex] : default;
    }

    /// <summary>When the coordinator knew that the forward initialisation had arrived everywhere.</summary>
    public long Initialised => Enumerable.Range(0, _graph.Vertices.Count).Where(_graph.IsEnd)
        .Max(v => Last(MessageKind.ForwardReport, v));

    private long OfRoot(MessageKind kind) => Last(kind, _graph.Root);

    private long Last(MessageKind kind, int vertex) =>
        Enumerable.Range(0, MicroBatches).Max(m => this[kind, vertex, m].TakenAt);
}

/// <summary>When a message arrived and was taken, by the run's sequence numbers, and the hash
/// of what it carried.</summary>
/// <param name="Sent">Sequence number of its arrival, from 1: it was sent before this.</param>
/// <param name="Taken">Sequence number of its taking: what its receiver did about it came
/// after this. When nobody took it, <see cref="long.MaxValue"/>.</param>
/// <param name="Hash">Of the tensor; 0 for none.</param>
/// <param name="IsMasked">Of a clamp: whether a mask leaves some of it free.</param>
internal readonly record struct Transit(long Sent, long Taken, ulong Hash, bool IsMasked = false)
{
    /// <summary>Whether there was such a message.</summary>
    public bool Happened => Sent > 0;

    /// <summary>When it was taken; never, if there was none.</summary>
    public long TakenAt => Happened ? Taken : long.MaxValue;

    /// <summary>The transit of a record.</summary>
    public static Transit Of(TraceRecord record) =>
        new(Math.Max(1, record.N), record.Taken > 0 ? record.Taken : long.MaxValue, record.Hash,
            record.IsMasked);
}
