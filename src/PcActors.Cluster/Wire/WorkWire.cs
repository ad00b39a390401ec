using System.Numerics;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>Work that a run's client has for the coordinator, and what comes of it.</summary>
internal static class WorkWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<Work<T>, Schema.Work>("work", Schema.Work.Parser, Write, Read),
        WireEntry.Of<WorkDone<T>, Schema.WorkDone>("work-done", Schema.WorkDone.Parser, Write, Read),
        WireEntry.Of<StateCollected<T>, Schema.StateCollected>(
            "state",
            Schema.StateCollected.Parser,
            m => new() { Term = m.Term, Vertex = m.Vertex, State = ReportWire<T>.Write(m.State) },
            w => new(w.Term, w.Vertex, ReportWire<T>.Read(w.State))),
        WireEntry.Of<TermBegun, Schema.TermBegun>(
            "term-begun",
            Schema.TermBegun.Parser,
            m => new() { Term = m.Term, Nodes = m.Nodes, Step = m.Step },
            w => new(w.Term, w.Nodes, w.Step)),
        WireEntry.Of<TermEnded, Schema.TermEnded>(
            "term-ended", Schema.TermEnded.Parser, m => new() { Term = m.Term, Cause = m.Cause }, w => new(w.Term, w.Cause)),
        WireEntry.Of<RunBroken, Schema.RunBroken>(
            "run-broken",
            Schema.RunBroken.Parser,
            m => new() { Cause = m.Cause, Vertex = m.Vertex ?? "", DivergedAt = m.DivergedAt ?? 0 },
            w => new(w.Cause, w.Vertex.Length == 0 ? null : w.Vertex, w.DivergedAt == 0 ? null : w.DivergedAt)),
    ];

    private static Schema.Work Write(Work<T> work) => new()
    {
        Term = work.Term,
        Number = work.Number,
        Kind = (int)work.Kind,
        Inputs = { work.Inputs.Select(TensorWire.Write) },
        Target = work.Target is { } target ? TensorWire.Write(target) : null,
    };

    private static Work<T> Read(Schema.Work written)
    {
        var kind = (WorkKind)written.Kind;
        if (!Enum.IsDefined(kind)) throw new WireException($"there is no work of kind {written.Kind}");
        if (kind == WorkKind.Step && written.Target is null) throw new WireException("a step without a target");
        return new(
            written.Term, written.Number, kind, [.. written.Inputs.Select(TensorWire.Read<T>)], written.Target is null ? null : TensorWire.Read<T>(written.Target));
    }

    private static Schema.WorkDone Write(WorkDone<T> done)
    {
        var written = new Schema.WorkDone { Term = done.Term, Number = done.Number };
        switch (done.Result)
        {
            case StepResult step:
                written.Step = new() { Step = step.Step, Loss = step.Loss, Attempts = step.Attempts };
                break;
            case Tensor<T> prediction:
                written.Prediction = TensorWire.Write(prediction);
                break;
            default:
                var counts = (MessageCounts)done.Result;
                written.Counts = new() { Values = counts.Values, Errors = counts.Errors };
                break;
        }
        return written;
    }

    private static WorkDone<T> Read(Schema.WorkDone written) => new(written.Term, written.Number, written.ResultCase switch
    {
        Schema.WorkDone.ResultOneofCase.Step => new StepResult(written.Step.Step, written.Step.Loss, written.Step.Attempts),
        Schema.WorkDone.ResultOneofCase.Prediction => TensorWire.Read<T>(written.Prediction),
        Schema.WorkDone.ResultOneofCase.Counts => new MessageCounts(written.Counts.Values, written.Counts.Errors),
        _ => throw new WireException("work without a result"),
    });
}
