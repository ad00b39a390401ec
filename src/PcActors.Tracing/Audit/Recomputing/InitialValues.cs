using PcActors.Graphs;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Parameters' values before the first step: what the first message of all brought, or else the first value sent.</summary>
internal static class InitialValues
{
    /// <summary>Reads the beginning of a trace, as far as is needed.</summary>
    /// <returns>Payloads by vertex; parameters of which nothing is recorded are left out.</returns>
    public static Dictionary<int, TracePayload> Read(TraceReader reader, IEnumerable<int> vertices)
    {
        var missing = vertices.Where(v => reader.Header.Vertices[v].Kind == VertexKind.Parameter).ToHashSet();
        var found = new Dictionary<int, TracePayload>();
        while (missing.Count > 0 && reader.TryRead(out var record))
        {
            if (record.Payload is not { } payload) continue;
            var vertex = record.Kind switch
            {
                TraceKind.Connect => record.To,
                TraceKind.Value => record.From,
                _ => -1,
            };
            if (missing.Remove(vertex)) found.Add(vertex, payload);
        }
        return found;
    }
}
