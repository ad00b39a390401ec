using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Recorded and recomputed messages are the same, bit for bit, and there are no others.</summary>
internal sealed class RecomputeCheck<T>(AuditGraph graph)
    : Check("recompute", "a vertex made anew from the header and fed with what it took sends what is recorded, bit for bit, and nothing else", graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, RecomputedVertex<T>> _vertices = [];
    private readonly Dictionary<int, int> _parameterReports = [];
    private readonly SentMessages _sent = new();
    private readonly Dictionary<StepId, int> _lastRunOf = [];

    public int Vertices => _vertices.Count;

    public long Compared => _sent.Compared;

    public void Add(int id, VertexDescription<T> description, VertexOptions options) =>
        _vertices.Add(id, new RecomputedVertex<T>(description, options, Graph, (key, content) => Complain(key, _sent.AddRecomputed(key, content))));

    public void See(TraceRecord record)
    {
        if (record.From == TraceRecord.Coordinator && record.IsOfStep)
            _lastRunOf[StepOf(record.StepId)] = Math.Max(record.Attempt, _lastRunOf.GetValueOrDefault(StepOf(record.StepId)));
        var kind = MessageKinds.Of(record.Kind);
        if (_vertices.ContainsKey(record.From) && IsCompared(kind)) SeeSent(record, kind);
        if (record.Taken > 0 && _vertices.TryGetValue(record.To, out var vertex) && vertex.Take(record) is { } refusal)
            Violate($"{Graph.Name(record.To)} refuses what it was sent: {refusal}", record.StepId, record.Edge, record.N);
    }

    public override void End()
    {
        foreach (var key in _sent.OnlyRecorded.Keys.Where(k => !_vertices[k.From].HasRefused))
            Violate($"{Describe(key)} was recorded, and its vertex, fed with what it had taken, does not send it", key.Step, EdgeOf(key));
        // What was lost made an attempt fail; the trace may end within the last one.
        var last = _lastRunOf.Keys.DefaultIfEmpty().Max();
        foreach (var key in _sent.OnlyRecomputed.Keys.Where(k => StepOf(k.Step) < last && k.Step.Run == _lastRunOf.GetValueOrDefault(StepOf(k.Step))))
            Violate($"{Describe(key)} was not recorded, and its vertex, fed with what it had taken, sends it", key.Step, EdgeOf(key));
    }

    private void SeeSent(TraceRecord record, MessageKind kind)
    {
        var ordinal = 0;
        if (kind == MessageKind.ParameterReport) _parameterReports[record.From] = ordinal = _parameterReports.GetValueOrDefault(record.From) + 1;
        var step = kind == MessageKind.ParameterReport ? default : record.StepId;
        var key = new SentKey(record.From, record.To, kind, step, record.Edge ?? -1, record.MicroBatch ?? -1, record.Time ?? -1, ordinal);
        Complain(key, _sent.AddRecorded(key, new SentContent(record.Payload, record.Loss)));
    }

    private void Complain(SentKey key, string? wrong)
    {
        if (wrong is not null) Violate($"{Describe(key)} {wrong}", key.Step, EdgeOf(key));
    }

    private static bool IsCompared(MessageKind kind) => kind is MessageKind.Value or MessageKind.Error or MessageKind.LossReport or MessageKind.ForwardReport
        or MessageKind.PredictionReport or MessageKind.UpdateReport or MessageKind.AdvanceReport or MessageKind.ParameterReport;

    private string Describe(SentKey key) => FormattableString.Invariant(
        $"the {char.ToLowerInvariant($"{key.MessageKind}"[0])}{$"{key.MessageKind}"[1..]} of {Graph.Name(key.From)} to {Graph.Name(key.To)}, micro-batch {key.MicroBatch}, time {key.Time},");

    private static StepId StepOf(StepId attempt) => attempt with { Run = 0 };

    private static int? EdgeOf(SentKey key) => key.Edge < 0 ? null : key.Edge;
}
