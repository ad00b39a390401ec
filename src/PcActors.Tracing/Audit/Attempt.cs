using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;


namespace PcActors.Tracing.Audit;

/// <summary>The account of one attempt at a step: which messages there were, and when each was sent and taken.</summary>
/// <remarks>Places are by edge, micro-batch and time. Along Z-IL's wave each edge has one time, so that its account has one
/// value and one error an edge and micro-batch; under the full dynamics there are as many as timesteps.</remarks>
internal sealed class Attempt
{
    private readonly AuditGraph _graph;
    private readonly AuditRule _rule;
    private readonly Transit[]?[] _values;
    private readonly Transit[]?[] _errors;
    private readonly Transit[]?[] _advances;
    private readonly Transit[]?[] _advanceReports;
    private readonly Transit[] _clamps;
    private readonly Transit[] _updates;
    private readonly Transit[] _losses;
    private readonly Transit[] _forwards;
    private readonly Transit[] _predictions;

    public Attempt(StepId step, AuditGraph graph, AuditRule rule, int microBatches)
    {
        (Step, _graph, _rule, MicroBatches) = (step, graph, rule, microBatches);
        var times = Math.Max(1, rule.Timesteps);
        (_values, _errors, _advances, _advanceReports) = (new Transit[]?[times], new Transit[]?[times], new Transit[]?[times], new Transit[]?[times]);
        _clamps = new Transit[graph.Vertices.Count * microBatches];
        _updates = new Transit[graph.Vertices.Count];
        _losses = new Transit[microBatches];
        _forwards = new Transit[microBatches];
        _predictions = new Transit[microBatches];
    }

    public StepId Step { get; }

    public int MicroBatches { get; }

    /// <summary>Sequence number of the coordinator's first message in it; <see cref="long.MaxValue"/> when there is none.</summary>
    public long Began { get; private set; } = long.MaxValue;

    public bool HasBegun => Began < long.MaxValue;

    /// <summary>Whether the root was clamped to a target.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>Whether the root was asked for its prediction.</summary>
    public bool IsPrediction { get; private set; }

    /// <summary>Whether a later attempt at the same step was begun. Known when the account is closed.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the trace ends with it. Known when the account is closed.</summary>
    public bool IsLast { get; set; }

    /// <summary>When the coordinator had the last report that it waits for; <see cref="long.MaxValue"/> when it never had it.
    /// Known when the account is closed.</summary>
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

    public Transit Value(int edge, int microBatch, int time) => Get(_values, Time(time), (edge * MicroBatches) + microBatch);

    /// <param name="edge">Place of the edge.</param>
    /// <param name="microBatch">From 0.</param>
    /// <param name="time">When it acts on its receiver; along the wave there is one such time.</param>
    public Transit Error(int edge, int microBatch, int time) => Get(_errors, ErrorTime(time), (edge * MicroBatches) + microBatch);

    public Transit Advance(int vertex, int time) => Get(_advances, Time(time), vertex);

    public Transit AdvanceReport(int vertex, int time) => Get(_advanceReports, Time(time), vertex);

    /// <summary>When a leaf's or the root's part began: a parameter's first message of the step, a clamp, a request.</summary>
    public Transit Clamp(int vertex, int microBatch) => _clamps[(vertex * MicroBatches) + microBatch];

    public Transit Update(int vertex) => _updates[vertex];

    public Transit Loss(int microBatch) => _losses[microBatch];

    public Transit Forward(int microBatch) => _forwards[microBatch];

    public Transit Prediction(int microBatch) => _predictions[microBatch];

    /// <summary>Adds a record.</summary>
    public MessageStatus Add(TraceRecord record, MessageKind kind, int edge)
    {
        var transit = Transit.Of(record);
        switch (kind)
        {
            case MessageKind.Value:
                Values++;
                return AddAlongEdge(_values, record, edge, Time(record), transit);
            case MessageKind.Error:
                Errors++;
                return AddAlongEdge(_errors, record, edge, ErrorTime(record.Time ?? 0), transit);
            case MessageKind.Advance:
                return AddOf(_advances, Time(record), record.To, transit);
            case MessageKind.AdvanceReport:
                return AddOf(_advanceReports, Time(record), record.From, transit);
            case MessageKind.UpdateReport:
                return AddAt(_updates, record.From, transit);
            case MessageKind.LossReport:
                return AddAt(_losses, record.MicroBatch ?? -1, transit);
            case MessageKind.ForwardReport:
                return AddAt(_forwards, record.MicroBatch ?? -1, transit);
            case MessageKind.PredictionReport:
                return AddAt(_predictions, record.MicroBatch ?? -1, transit);
            case MessageKind.BeginStep:
                Commits.Add(record.Commit);
                return EnterClamp(record, 0, MicroBatches, transit);
            case MessageKind.ClampData or MessageKind.ClampTarget or MessageKind.RequestPrediction:
                IsTraining |= kind == MessageKind.ClampTarget;
                IsPrediction |= kind == MessageKind.RequestPrediction;
                return EnterClamp(record, record.MicroBatch ?? -1, 1, transit);
            default:
                return MessageStatus.OfNoAttempt;
        }
    }

    /// <summary>Sums the account up, once no more records come.</summary>
    public void SumUp() => Ended = IsTraining ? LastReport() : Latest(_predictions);

    private int Time(TraceRecord record) => Time(record.Time ?? -1);

    private int Time(int time) => _rule.RestsBehindWave ? 0 : time;

    private int ErrorTime(int time) => _rule.RestsBehindWave ? 0 : time - 1;

    private static Transit Get(Transit[]?[] byTime, int time, int place) =>
        (uint)time < (uint)byTime.Length && byTime[time] is { } transits ? transits[place] : default;

    private MessageStatus AddAlongEdge(Transit[]?[] byTime, TraceRecord record, int edge, int time, Transit transit)
    {
        // A value that is the same for all micro-batches stands in the first one's place.
        var micro = Math.Max(0, record.MicroBatch ?? 0);
        if (edge < 0 || (uint)time >= (uint)byTime.Length || micro >= MicroBatches) return MessageStatus.Misplaced;
        return AddAt(byTime[time] ??= new Transit[_graph.Edges.Count * MicroBatches], (edge * MicroBatches) + micro, transit);
    }

    private MessageStatus AddOf(Transit[]?[] byTime, int time, int vertex, Transit transit) =>
        (uint)time >= (uint)byTime.Length ? MessageStatus.Misplaced : AddAt(byTime[time] ??= new Transit[_graph.Vertices.Count], vertex, transit);

    private MessageStatus EnterClamp(TraceRecord record, int microBatch, int count, Transit transit)
    {
        if (!_graph.IsVertex(record.To) || (uint)microBatch >= (uint)MicroBatches) return MessageStatus.Misplaced;
        if (record.From == TraceRecord.Coordinator) Began = Math.Min(Began, record.N);
        var status = MessageStatus.First;
        for (var m = microBatch; m < microBatch + count; m++) status = AddAt(_clamps, (record.To * MicroBatches) + m, transit);
        return status;
    }

    private static MessageStatus AddAt(Transit[] transits, int place, Transit transit)
    {
        if ((uint)place >= (uint)transits.Length) return MessageStatus.Misplaced;
        if (transits[place].Happened) return MessageStatus.Duplicate;
        transits[place] = transit;
        return MessageStatus.First;
    }

    private long LastReport()
    {
        var last = Math.Max(Latest(_losses), _rule.IsLockstep ? Latest(_forwards) : 0);
        for (var v = 0; v < _updates.Length; v++)
        {
            if (_graph.Learns(v)) last = Math.Max(last, _updates[v].TakenAt);
            if (!_rule.IsLockstep || !_graph.Moves(v)) continue;
            for (var time = 0; time < _advanceReports.Length; time++) last = Math.Max(last, Get(_advanceReports, time, v).TakenAt);
        }
        return last;
    }

    private static long Latest(Transit[] transits)
    {
        var last = 0L;
        foreach (var transit in transits) last = Math.Max(last, transit.TakenAt);
        return last;
    }
}
