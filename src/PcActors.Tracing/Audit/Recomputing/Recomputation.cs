using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Shows that what a vertex sent is a function of what it had taken: it is made anew from the trace's header, fed with its recorded
/// messages in the order in which it took them, and has to send what is recorded, bit for bit.</summary>
/// <remarks>A vertex that had read anything else, another's buffer or the clock, would have sent other bits. The trace needs payloads.</remarks>
public static class Recomputation
{
    /// <summary>Recomputes vertices of a recorded run.</summary>
    /// <param name="path">The trace file; read twice.</param>
    /// <param name="vertices">Ids; null for all vertices.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TraceException">The file is no whole trace, has no payloads, or has a vertex of an operator that is not in the catalogue.</exception>
    public static RecomputeResult Run(string path, IReadOnlyCollection<int>? vertices = null, CancellationToken cancellation = default)
    {
        using var reader = TraceReader.Open(path);
        if (!reader.Header.Payloads) throw new TraceException(path, "the trace has no payloads", "record it with them to recompute what was sent");
        vertices ??= [.. reader.Header.Vertices.Select(v => v.Id)];
        return reader.Header.DType == "f64" ? Run<double>(path, reader, vertices, cancellation) : Run<float>(path, reader, vertices, cancellation);
    }

    private static RecomputeResult Run<T>(string path, TraceReader reader, IReadOnlyCollection<int> vertices, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = new AuditGraph(reader.Header);
        var (step, optimizer) = (reader.Header.Step, reader.Header.Optimizer);
        if (step > 0 && optimizer.StateTensors > 0 && vertices.Where(graph.Learns).Select(id => graph.Vertices[id].Name).FirstOrDefault() is { } learning)
        {
            throw new TraceException(
                path, $"the parameter '{learning}' cannot be recomputed: the run goes on from step {step}, and what {optimizer.Name} had gathered until then is not recorded",
                "vertices that do not learn can be");
        }
        var initial = InitialValues.Read(reader, vertices);
        var check = new RecomputeCheck<T>(graph);
        foreach (var id in vertices)
        {
            var vertex = graph.Vertices[id];
            try
            {
                var value = initial.GetValueOrDefault(id)?.ToTensor<T>(vertex.Shape);
                if (value is null && graph.IsParameter(id)) continue; // It never sent anything, nor was it told its value.
                check.Add(id, VertexFromTrace.Describe(graph, id, value), reader.Header.VertexOptions);
            }
            catch (Exception e) when (e is NotSupportedException or AttributeException or ShapeException or InvalidOperationException)
            {
                throw new TraceException(path, $"the vertex '{vertex.Name}' cannot be recomputed: {e.Message}");
            }
        }
        using var again = TraceReader.Open(path);
        foreach (var record in again.Records(cancellation)) check.See(record);
        check.End();
        return new RecomputeResult(check.Vertices, check.Compared, check.Result);
    }
}
