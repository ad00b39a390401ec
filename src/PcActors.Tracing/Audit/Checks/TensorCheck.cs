using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>What values and errors carry is one tensor of the sender's or the receiver's shape.</summary>
internal sealed class TensorCheck(AuditGraph graph, AuditRule rule, string elementType) : Check(
    "tensors",
    "a value has its sender's shape and an error its receiver's; factored is only what goes to what does not depend "
    + "on data", graph)
{
    private readonly int _elementSize = elementType == "f64" ? sizeof(double) : sizeof(float);

    public override void See(in AuditedMessage message)
    {
        var record = message.Record;
        if (record.Payload is { } payload && TraceHash.Of(payload) != record.Hash)
            Violate(message,
                $"what {Graph.Name(record.To)} was sent ({record.Kind}) has another hash than the one recorded");
        if (record.State is { } state && TraceHash.Of(state.Elements) != state.Hash)
            Violate(message,
                $"what the optimizer had gathered, in {record.Kind} of {Graph.Name(record.To)}, has another hash "
                + "than the one recorded");
        if (!message.IsBetweenVertices || message.Edge < 0) return;
        var source = Graph.Edges[message.Edge].From;
        var vertex = Graph.Vertices[source];
        if (record.Shape is not { } shape || !(ReferenceEquals(shape, vertex.Shape) || shape.Equals(vertex.Shape)))
        {
            Violate(message,
                $"{Graph.Describe(message.Edge)} carried a tensor of shape {record.Shape?.ToString() ?? "none"}; "
                + $"{vertex.Shape} is right");
            return;
        }
        if (record.Form == TraceForm.Whole)
        {
            if (record.Bytes != (long)shape.Length * _elementSize)
                Violate(message,
                    $"{Graph.Describe(message.Edge)} carried {record.Bytes} bytes; "
                    + $"{(long)shape.Length * _elementSize} are right");
        }
        else if (record.Form == TraceForm.None || message.Kind == MessageKind.Value || Graph.DependsOnData[source]
            || Graph.Moves[source] || !rule.KeepsFactors)
        {
            Violate(message,
                $"{Graph.Describe(message.Edge)} carried "
                + $"{(record.Form == TraceForm.None ? "no tensor" : "factors, where whole tensors go")}");
        }
    }
}

/// <summary>A vertex has one value, which all of its consumers get: the same hash along all
/// edges. A leaf's is what it was clamped to, an identity's is its input's (if values start at their predictions), and
/// a parameter's is another one only after a training step has ended.</summary>
internal sealed class ValueCheck(AuditGraph graph, bool startsAtPrediction) : Check(
    "values",
    "a vertex sends all its consumers one value: a data leaf what it was clamped to, an identity its input's, a "
    + "parameter the one it had unless a training step has ended since", graph)
{
    private readonly ulong[] _parameters = new ulong[graph.Vertices.Count];
    private bool _mayHaveLearnt = true;

    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun) return;
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            var copies = attempt.Due.Varies(v, 0) ? attempt.MicroBatches : 1;
            for (var m = 0; m < copies; m++)
            {
                CheckVertex(attempt, v, m);
                CheckClamped(attempt, v, m);
            }
        }
        _mayHaveLearnt = attempt is { IsTraining: true, HasEnded: true, IsAbandoned: false };
    }

    private void CheckVertex(Attempt attempt, int v, int m)
    {
        var first = default(Transit);
        foreach (var e in Graph.Consumers(v))
        {
            var value = attempt[MessageKind.Value, e, m];
            if (!value.Happened) continue;
            if (!first.Happened) first = value;
            else if (value.Hash != first.Hash)
                Violate($"{Graph.Name(v)} sent another value along {Graph.Describe(e)} than to its first consumer",
                    attempt.Step, Graph.Edges[e].Number, value.Sent);
        }
        if (!first.Happened) return;
        if (Graph.IsParameter(v)) CheckParameter(attempt, v, first);
        else if (Graph.IsData(v)) CheckSame(attempt, v, first, attempt.Beginning(v, m), "what it was clamped to");
        else if (Graph.Vertices[v].IsIdentity && startsAtPrediction && Graph.Inputs(v) is [var input, ..])
            CheckSame(attempt, v, first, attempt[MessageKind.Value, input, m], "what it was sent");
    }

    // What is wholly clamped does not move. Where a mask leaves some of it free, the recomputation tells.
    private void CheckClamped(Attempt attempt, int v, int m)
    {
        var clamp = attempt[MessageKind.ClampData, v, m];
        if (clamp.Hash == 0 || clamp.IsMasked) return;
        for (var time = 0; time < attempt.Timesteps; time++)
        {
            foreach (var e in Graph.Consumers(v))
            {
                if (attempt[MessageKind.Value, e, m, time] is { Happened: true } value && value.Hash != clamp.Hash)
                    Violate($"{Graph.Name(v)} moved at time {time}, and is clamped", attempt.Step,
                        Graph.Edges[e].Number, value.Sent);
            }
        }
    }

    private void CheckParameter(Attempt attempt, int v, Transit value)
    {
        ref var last = ref _parameters[v];
        if (last != 0 && last != value.Hash && !(_mayHaveLearnt && Graph.Learns(v)))
            Violate($"the parameter {Graph.Name(v)} changed, and no training step of it had ended", attempt.Step,
                number: value.Sent);
        last = value.Hash;
    }

    private void CheckSame(Attempt attempt, int v, Transit sent, Transit taken, string what)
    {
        if (taken.Happened && taken.Hash != 0 && taken.Hash != sent.Hash)
            Violate($"{Graph.Name(v)} sent a value that is not {what}", attempt.Step, number: sent.Sent);
    }
}
