using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Shows that what a vertex sent is a function of what it had taken: it is made anew from the trace's
/// header, fed with its recorded messages in the order in which it took them, and has to send what is
/// recorded, bit for bit.</summary>
/// <remarks>A vertex that had read anything else, another's buffer or the clock, would have sent other bits. The
/// trace needs payloads.</remarks>
public static class Recomputation
{
    /// <summary>Recomputes vertices of a recorded run.</summary>
    /// <param name="path">The trace file; read twice.</param>
    /// <param name="vertices">Ids; null for all vertices.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TraceException">The file is no whole trace, has no payloads, or has a vertex of an operator
    /// that is not in the catalogue.</exception>
    public static RecomputeResult Run(string path, IReadOnlyCollection<int>? vertices = null,
        CancellationToken cancellation = default)
    {
        using var reader = TraceReader.Open(path);
        if (!reader.Header.Payloads)
            throw new TraceException(path, "the trace has no payloads",
                "record it with them to recompute what was sent");
        vertices ??= [.. reader.Header.Vertices.Select(v => v.Id)];
        return reader.Header.DType == "f64"
            ? Run<double>(path, reader, vertices, cancellation)
            : Run<float>(path, reader, vertices, cancellation);
    }

    private static RecomputeResult Run<T>(string path, TraceReader reader, IReadOnlyCollection<int> vertices,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = new AuditGraph(reader.Header);
        var initial = InitialValues(reader, [.. vertices.Where(graph.IsParameter)]);
        var check = new RecomputeCheck<T>(graph);
        foreach (var id in vertices)
        {
            try
            {
                var found = initial.GetValueOrDefault(id);
                if (found is null && graph.IsParameter(id))
                    continue; // It never sent anything, nor was it told its value.
                check.Add(VertexOf(graph, id, found is null ? null : SnapshotOf<T>(reader.Header, graph, id, found)),
                    reader.Header.VertexOptions);
            }
            catch (Exception e) when (e is NotSupportedException or AttributeException or ShapeException
                or InvalidOperationException)
            {
                throw new TraceException(path,
                    $"the vertex '{graph.Vertices[id].Name}' cannot be recomputed: {e.Message}");
            }
        }
        using var again = TraceReader.Open(path);
        foreach (var record in again.Records(cancellation)) check.See(record);
        check.End();
        return new RecomputeResult(check.Vertices, check.Compared, check.Result);
    }

    /// <summary>Reads the beginning of a trace, as far as is needed.</summary>
    /// <returns>Records with parameters' values before the first step: of the first message of all, or else of the
    /// first value sent. Parameters of which nothing is recorded are left out.</returns>
    private static Dictionary<int, TraceRecord> InitialValues(TraceReader reader, HashSet<int> missing)
    {
        var found = new Dictionary<int, TraceRecord>();
        while (missing.Count > 0 && reader.TryRead(out var record))
        {
            if (record.Payload is null) continue;
            var vertex = record.Kind == RunKinds.Connect.Name
                ? record.To
                : record.Kind == MessageKind.Value.Name ? record.From : -1;
            if (missing.Remove(vertex)) found.Add(vertex, record);
        }
        return found;
    }

    private static ParameterSnapshot<T> SnapshotOf<T>(TraceHeader header, AuditGraph graph, int id, TraceRecord record)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var value = record.Payload!.ToTensor<T>(graph.Vertices[id].Shape);
        if (record.State is { } state)
        {
            return state.Elements.Count == 0 || state.Elements.Count == header.Optimizer.StateTensors
                ? state.ToSnapshot(value)
                : throw new NotSupportedException(
                    $"{header.Optimizer.Name} has {header.Optimizer.StateTensors} tensors of state, and "
                    + $"{state.Elements.Count} are recorded");
        }
        if (header.Step > 0 && header.Optimizer.StateTensors > 0 && graph.Learns(id))
        {
            throw new NotSupportedException(
                $"the run goes on from step {header.Step}, and what {header.Optimizer.Name} had gathered until then "
                + "is not recorded; vertices that do not learn can be");
        }
        return new ParameterSnapshot<T>(value, 0, []);
    }

    /// <summary>What the vertex knew of its network.</summary>
    /// <param name="graph">The header's graph.</param>
    /// <param name="id">The vertex.</param>
    /// <param name="start">What it begins with, if it is a parameter.</param>
    /// <exception cref="NotSupportedException">Its operator is none that the catalogue has.</exception>
    /// <exception cref="AttributeException">Its attributes do not fit the operator.</exception>
    private static VertexDescription<T> VertexOf<T>(AuditGraph graph, int id, ParameterSnapshot<T>? start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vertex = graph.Vertices[id];
        return new VertexDescription<T>
        {
            Id = id,
            Name = vertex.Name,
            Kind = vertex.Kind,
            Level = graph.Levels[id],
            Span = vertex.Span,
            Shape = vertex.Shape,
            Function = vertex.Kind == VertexKind.Function
                ? OperatorCatalogue.Create<T>(vertex.Operator!, vertex.Attributes)
                : null,
            Start = start,
            Running = vertex.Running,
            RequiresError = vertex.RequiresError,
            DependsOnData = graph.DependsOnData[id],
            IsLatent = vertex.IsLatent,
            IsFree = vertex.IsFree,
            Moves = graph.Moves[id],
            Infers = graph.Infers[id],
            Learns = graph.PassesToLearning[id],
            Inputs = [.. graph.Inputs(id).Select(e => graph.Edges[e]).OrderBy(e => e.Slot).Select(e => new InputEdge(
                e.Number, graph.Vertices[e.From].Shape, e.CarriesError, graph.DependsOnData[e.From],
                graph.Moves[e.From], graph.Infers[e.From], graph.PassesToLearning[e.From], e.IsRecurrent))],
            Consumers = [.. graph.Consumers(id).Select(e => graph.Edges[e])
                .OrderBy(e => graph.Levels[e.To]).ThenBy(e => graph.Vertices[e.To].IsIdentity ? 0 : 1)
                .ThenBy(e => e.Number)
                .Select(e => new ConsumerEdge(e.Number, e.CarriesError, e.IsRecurrent))],
        };
    }
}

/// <summary>What the recomputation of vertices found.</summary>
/// <param name="Vertices">Vertices that were recomputed.</param>
/// <param name="Messages">Messages that they were recorded to have sent and that were recomputed.</param>
/// <param name="Check">The violations.</param>
public sealed record RecomputeResult(int Vertices, long Messages, CheckResult Check);
