using PcActors.Learning.Protocol;


namespace PcActors.Tracing.Audit;

/// <summary>One claim about a trace. It sees every record once, every attempt at a step when that
/// is over, and the end.</summary>
/// <param name="name">Its name.</param>
/// <param name="claim">What holds when it finds nothing.</param>
/// <param name="graph">The graph of the trace.</param>
internal abstract class Check(string name, string claim, AuditGraph graph)
{
    /// <summary>Violations that are kept in words.</summary>
    internal const int Kept = 5;

    private readonly List<Violation> _first = [];
    private long _count;

    /// <summary>What was found so far.</summary>
    public CheckResult Result => new(name, claim, _count, [.. _first]);

    protected AuditGraph Graph => graph;

    /// <summary>Looks at the header.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Looks at a record.</summary>
    public virtual void See(in AuditedMessage message)
    {
    }

    /// <summary>Looks at an attempt of which no more records come.</summary>
    public virtual void Close(Attempt attempt)
    {
    }

    /// <summary>Looks at the whole.</summary>
    public virtual void End()
    {
    }

    protected void Violate(in AuditedMessage message, string what) => Violate(
        what, message.Step, message.Edge < 0 ? null : graph.Edges[message.Edge].Number, message.Record.N);

    protected void Violate(string what, StepId step = default, int? edge = null, long? number = null)
    {
        _count++;
        if (_first.Count < Kept) _first.Add(new Violation(name, what, step.Step, step.Run, edge, number));
    }
}
