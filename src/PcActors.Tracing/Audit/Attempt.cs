using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Runs;


namespace PcActors.Tracing.Audit;

/// <summary>The account of one attempt at a step: which messages there were, and when each was sent and taken.</summary>
/// <remarks>Places are by edge, micro-batch and time. Along Z-IL's wave each edge has one time, so that its account has one
/// value and one error an edge and micro-batch; under the full dynamics there are as many as timesteps.</remarks>
internal sealed class Attempt
{
    private readonly AuditGraph _graph;
    private readonly AuditRule _rule;
    private readonly Passage[]?[] _values;
    private readonly Passage[]?[] _errors;
    private readonly Passage[]?[] _advances;
    private readonly Passage[]?[] _advanceReports;
    private readonly Passage[] _clamps;
    private readonly Passage[] _updates;
    private readonly Passage[] _losses;
    private readonly Passage[] _forwards;
    private readonly Passage[] _predictions;

    public Attempt(StepId step, AuditGraph graph, AuditRule rule, int microBatches)
    {
        (Step, _graph, _rule, MicroBatches) = (step, graph, rule, microBatches);
        var times = Math.Max(1, rule.Timesteps);
        (_values, _errors, _advances, _advanceReports) = (new Passage[]?[times], new Passage[]?[times], new Passage[]?[times], new Passage[]?[times]);
        _clamps = new Passage[graph.Vertices.Count * microBatches];
        _updates = new Passage[graph.Vertices.Count];
        _losses = new Passage[microBatches];
        _forwards = new Passage[microBatches];
        _predictions = new Passage[microBatches];
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

    public Passage Value(int edge, int microBatch, int time) => Get(_values, Time(time), (edge * MicroBatches) + microBatch);

    /// <param name="edge">Place of the edge.</param>
    /// <param name="microBatch">From 0.</param>
    /// <param name="time">When it acts on its receiver; along the wave there is one such time.</param>
    public Passage Error(int edge, int microBatch, int time) => Get(_errors, ErrorTime(time), (edge * MicroBatches) + microBatch);

    public Passage Advance(int vertex, int time) => Get(_advances, Time(time), vertex);

    public Passage AdvanceReport(int vertex, int time) => Get(_advanceReports, Time(time), vertex);

    /// <summary>When a leaf's or the root's part began: a parameter's first message of the step, a clamp, a request.</summary>
    public Passage Clamp(int vertex, int microBatch) => _clamps[(vertex * MicroBatches) + microBatch];

    public Passage Update(int vertex) => _updates[vertex];

    public Passage Loss(int microBatch) => _losses[microBatch];

    public Passage Forward(int microBatch) => _forwards[microBatch];

    public Passage Prediction(int microBatch) => _predictions[microBatch];

    /// <summary>Enters a record.</summary>
    public Standing Enter(TraceRecord record, Traffic traffic, int edge)
    {
        var passage = Passage.Of(record);
        switch (traffic)
        {
            case Traffic.Value:
                Values++;
                return EnterAlongEdge(_values, record, edge, Time(record), passage);
            case Traffic.Error:
                Errors++;
                return EnterAlongEdge(_errors, record, edge, ErrorTime(record.Time ?? 0), passage);
            case Traffic.Advance:
                return EnterOf(_advances, Time(record), record.To, passage);
            case Traffic.AdvanceReport:
                return EnterOf(_advanceReports, Time(record), record.From, passage);
            case Traffic.UpdateReport:
                return EnterAt(_updates, record.From, passage);
            case Traffic.LossReport:
                return EnterAt(_losses, record.MicroBatch ?? -1, passage);
            case Traffic.ForwardReport:
                return EnterAt(_forwards, record.MicroBatch ?? -1, passage);
            case Traffic.PredictionReport:
                return EnterAt(_predictions, record.MicroBatch ?? -1, passage);
            case Traffic.BeginStep:
                Commits.Add(record.Commit);
                return EnterClamp(record, 0, MicroBatches, passage);
            case Traffic.ClampData or Traffic.ClampTarget or Traffic.RequestPrediction:
                IsTraining |= traffic == Traffic.ClampTarget;
                IsPrediction |= traffic == Traffic.RequestPrediction;
                return EnterClamp(record, record.MicroBatch ?? -1, 1, passage);
            default:
                return Standing.Outside;
        }
    }

    /// <summary>Sums the account up, once no more records come.</summary>
    public void SumUp() => Ended = IsTraining ? LastReport() : Latest(_predictions);

    private int Time(TraceRecord record) => Time(record.Time ?? -1);

    private int Time(int time) => _rule.RestsBehindWave ? 0 : time;

    private int ErrorTime(int time) => _rule.RestsBehindWave ? 0 : time - 1;

    private static Passage Get(Passage[]?[] byTime, int time, int place) =>
        (uint)time < (uint)byTime.Length && byTime[time] is { } passages ? passages[place] : default;

    private Standing EnterAlongEdge(Passage[]?[] byTime, TraceRecord record, int edge, int time, Passage passage)
    {
        // A value that is the same for all micro-batches stands in the first one's place.
        var micro = Math.Max(0, record.MicroBatch ?? 0);
        if (edge < 0 || (uint)time >= (uint)byTime.Length || micro >= MicroBatches) return Standing.Misplaced;
        return EnterAt(byTime[time] ??= new Passage[_graph.Edges.Count * MicroBatches], (edge * MicroBatches) + micro, passage);
    }

    private Standing EnterOf(Passage[]?[] byTime, int time, int vertex, Passage passage) =>
        (uint)time >= (uint)byTime.Length ? Standing.Misplaced : EnterAt(byTime[time] ??= new Passage[_graph.Vertices.Count], vertex, passage);

    private Standing EnterClamp(TraceRecord record, int microBatch, int count, Passage passage)
    {
        if (!_graph.IsVertex(record.To) || (uint)microBatch >= (uint)MicroBatches) return Standing.Misplaced;
        if (record.From == TraceRecord.Coordinator) Began = Math.Min(Began, record.N);
        var standing = Standing.First;
        for (var m = microBatch; m < microBatch + count; m++) standing = EnterAt(_clamps, (record.To * MicroBatches) + m, passage);
        return standing;
    }

    private static Standing EnterAt(Passage[] passages, int place, Passage passage)
    {
        if ((uint)place >= (uint)passages.Length) return Standing.Misplaced;
        if (passages[place].Happened) return Standing.Again;
        passages[place] = passage;
        return Standing.First;
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

    private static long Latest(Passage[] passages)
    {
        var last = 0L;
        foreach (var passage in passages) last = Math.Max(last, passage.TakenAt);
        return last;
    }
}
