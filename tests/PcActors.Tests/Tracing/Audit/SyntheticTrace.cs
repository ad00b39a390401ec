using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>The records of an ideal run of Z-IL under the wavefront clock, from a header alone: every
/// message is taken as soon as it has arrived. Tensors are hashes that nobody computed.</summary>
internal sealed class SyntheticTrace(TraceHeader header)
{
    private const long Tick = 10;

    private readonly ILookup<int, TraceEdge> _consumers = header.Edges.ToLookup(e => e.From);
    private readonly ILookup<int, TraceEdge> _inputs = header.Edges.ToLookup(e => e.To);
    private readonly int _elementSize = header.DType == "f64" ? sizeof(double) : sizeof(float);
    private long _number;
    private long _step;

    /// <summary>The records of some training steps.</summary>
    public IEnumerable<TraceRecord> Records(int steps)
    {
        for (_step = 1; _step <= steps; _step++)
        {
            foreach (var record in Forward()) yield return record;
            foreach (var record in Backward()) yield return record;
        }
    }

    private IEnumerable<TraceRecord> Forward()
    {
        foreach (var vertex in header.Vertices)
        {
            var micros = vertex.DependsOnData ? Enumerable.Range(0, header.MicroBatches) : [-1];
            if (vertex.Kind == VertexKind.Parameter)
            {
                var begin = Message(TraceRecord.Coordinator, vertex.Id, MessageKind.BeginStep.Name);
                if (_step > 1) begin.Commit = new(1, _step - 1);
                yield return begin;
            }
            foreach (var m in micros)
            {
                if (vertex.Kind == VertexKind.Data)
                    yield return Carry(Message(TraceRecord.Coordinator, vertex.Id, MessageKind.ClampData.Name, m),
                        vertex, HashOf(vertex.Id, m));
                foreach (var edge in _consumers[vertex.Id])
                    yield return Carry(Message(vertex.Id, edge.To, MessageKind.Value.Name, m, 0, edge.Number), vertex,
                        HashOf(vertex.Id, m));
            }
        }
    }

    private IEnumerable<TraceRecord> Backward()
    {
        for (var m = 0; m < header.MicroBatches; m++)
        {
            yield return Message(TraceRecord.Coordinator, header.Root, MessageKind.ClampTarget.Name, m);
            foreach (var vertex in header.Vertices.OrderBy(v => v.Level).Where(v => v.RequiresError))
            {
                foreach (var edge in _inputs[vertex.Id].Where(e => e.CarriesError))
                {
                    var to = header.Vertices[edge.From];
                    var error = Message(vertex.Id, to.Id, MessageKind.Error.Name, m, vertex.Level + 1, edge.Number);
                    yield return Carry(error, to, (ulong)_number);
                }
            }
            var loss = Message(header.Root, TraceRecord.Coordinator, MessageKind.LossReport.Name, m);
            loss.Loss = 1;
            yield return loss;
        }
        foreach (var vertex in header.Vertices.Where(v => v.Kind == VertexKind.Parameter && v.RequiresError))
        {
            var update = Message(vertex.Id, TraceRecord.Coordinator, MessageKind.UpdateReport.Name, time: vertex.Level);
            update.Vertex = vertex.Id;
            yield return update;
        }
    }

    private TraceRecord Message(int from, int to, string kind, int? microBatch = null, int? time = null,
        int? edge = null)
    {
        var record = new TraceRecord
        {
            N = ++_number,
            From = from,
            To = to,
            Kind = kind,
            Step = _step,
            Attempt = 1,
            MicroBatch = microBatch,
            Time = time,
            Edge = edge,
        };
        record.Taken = ++_number;
        (record.ArrivedAt, record.TakenAt, record.DoneAt) = (record.N * Tick, record.Taken * Tick,
            (record.Taken + 1) * Tick);
        return record;
    }

    private TraceRecord Carry(TraceRecord record, TraceVertex vertex, ulong hash)
    {
        (record.Shape, record.Form, record.Hash) = (vertex.Shape, TraceForm.Whole, hash);
        record.Bytes = (long)vertex.Shape.Length * _elementSize;
        return record;
    }

    // An identity's value is its input's, and so is its hash; a parameter that learns has another one at each step.
    private ulong HashOf(int vertex, int microBatch)
    {
        while (header.Vertices[vertex].IsIdentity) vertex = _inputs[vertex].First().From;
        var step = header.Vertices[vertex].DependsOnData || header.Vertices[vertex].RequiresError ? _step : 0;
        return ((ulong)(step + 1) << 40) ^ ((ulong)(microBatch + 1) << 32) ^ ((ulong)vertex + 1);
    }
}
