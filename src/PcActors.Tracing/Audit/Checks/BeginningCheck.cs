using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Audit.Checks;

/// <summary>Nobody acts in a step before the coordinator has begun it for him: leaves and root wait for its message.</summary>
internal sealed class BeginningCheck(AuditGraph graph)
    : Check("beginning", "no vertex acts before its step has begun: parameters and data leaves send, and the root errs, after the coordinator's message", graph)
{
    public override void Close(Attempt attempt)
    {
        if (!attempt.HasBegun)
        {
            Violate($"there are {attempt.Values} values and {attempt.Errors} errors of a step that the coordinator never began", attempt.Step);
            return;
        }
        for (var v = 0; v < Graph.Vertices.Count; v++)
        {
            if (!Graph.IsFunction(v)) CheckValues(attempt, v);
            else if (v == Graph.Root) CheckErrors(attempt, v);
        }
    }

    private void CheckValues(Attempt attempt, int leaf)
    {
        foreach (var e in Graph.Consumers(leaf))
        {
            var copies = Graph.DependsOnData[leaf] ? attempt.MicroBatches : 1;
            for (var m = 0; m < copies; m++) CheckOrder(attempt, attempt.Beginning(leaf, m), attempt[MessageKind.Value, e, m], leaf, e, "a value");
        }
    }

    private void CheckErrors(Attempt attempt, int root)
    {
        foreach (var e in Graph.Inputs(root))
        {
            for (var m = 0; m < attempt.MicroBatches; m++) CheckOrder(attempt, attempt.Beginning(root, m), attempt[MessageKind.Error, e, m, 1], root, e, "an error");
        }
    }

    private void CheckOrder(Attempt attempt, Transit begin, Transit sent, int vertex, int edge, string what)
    {
        if (!sent.Happened || sent.Sent > begin.TakenAt) return;
        Violate($"{Graph.Name(vertex)} sent {what} along {Graph.Describe(edge)} before its step had begun", attempt.Step, Graph.Edges[edge].Number, sent.Sent);
    }
}
