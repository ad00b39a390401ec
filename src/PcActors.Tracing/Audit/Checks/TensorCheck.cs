using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>What values and errors carry is one tensor of the sender's or the receiver's shape.</summary>
internal sealed class TensorCheck(AuditGraph graph, AuditRule rule, string elementType) : Check(
    "tensors", "a value has its sender's shape and an error its receiver's; factored is only what goes to what does not depend on data", graph)
{
    private readonly int _elementSize = elementType == "f64" ? sizeof(double) : sizeof(float);

    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        if (record.Payload is { } payload && TraceHash.Of(payload) != record.Hash)
            Violate(message, $"what {Graph.Name(record.To)} was sent ({record.Kind}) has another hash than the one recorded");
        if (record.State is { } state && TraceHash.Of(state.Elements) != state.Hash)
            Violate(message, $"what the optimizer had gathered, in {record.Kind} of {Graph.Name(record.To)}, has another hash than the one recorded");
        if (!message.IsBetweenVertices || message.Edge < 0) return;
        var source = Graph.Edges[message.Edge].From;
        var vertex = Graph.Vertices[source];
        if (record.Shape is not { } shape || !(ReferenceEquals(shape, vertex.Shape) || shape.Equals(vertex.Shape)))
        {
            Violate(message, $"{Graph.Describe(message.Edge)} carried a tensor of shape {record.Shape?.ToString() ?? "none"}; {vertex.Shape} is right");
            return;
        }
        if (record.Form == TraceForm.Whole)
        {
            if (record.Bytes != (long)shape.Length * _elementSize)
                Violate(message, $"{Graph.Describe(message.Edge)} carried {record.Bytes} bytes; {(long)shape.Length * _elementSize} are right");
        }
        else if (record.Form == TraceForm.None || message.Kind == MessageKind.Value || Graph.DependsOnData[source] || !rule.RestsBehindWave)
        {
            Violate(message, $"{Graph.Describe(message.Edge)} carried {(record.Form == TraceForm.None ? "no tensor" : "factors, where whole tensors go")}");
        }
    }
}
