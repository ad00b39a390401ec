using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;
namespace PcActors.Tracing.Merging;

/// <summary>What left nodes for others: recorded there as it was sent, and at its end as it came.</summary>
/// <param name="names">The nodes, for complaints.</param>
internal sealed class TraceCrossings(IReadOnlyList<string> names)
{
    private readonly Dictionary<(int Node, long Number), Departed> _departed = [];

    /// <summary>A message has left.</summary>
    public void Leave(int node, TraceRecord record) =>
        _departed[(node, record.N)] = new Departed
        {
            From = record.From,
            Sender = record.Sender,
            To = record.To,
            Content = ContentOf(record)
        };

    /// <summary>A message has come.</summary>
    /// <exception cref="TraceException">No such message has left.</exception>
    public void Arrive(int node, int origin, TraceRecord record)
    {
        if (!_departed.TryGetValue((origin, record.N), out var departed) || departed.HasCome)
            throw new TraceException($"the part of {names[node]}",
                $"{record.Kind} number {record.N} came from {NameOf(origin)}, which has not sent it",
                "somebody in between makes messages");
        if (departed.To != record.To || departed.Content != ContentOf(record))
            throw new TraceException($"the part of {names[node]}",
                $"{record.Kind} number {record.N} is not what {NameOf(origin)} has sent",
                "somebody in between changes messages");
        departed.HasCome = true;
    }

    /// <summary>Whether a message that has left has come.</summary>
    public bool HasCome(int node, long number) => _departed[(node, number)].HasCome;

    /// <summary>Sets who sent a message, by the word of the mailbox that it was put into. Where the
    /// receiver's mailbox saw it come from somebody else, it comes from neither.</summary>
    public void SetSender(int origin, TraceRecord record)
    {
        var departed = _departed[(origin, record.N)];
        if (departed.From == record.From) return;
        var sender = departed.Sender ?? $"{departed.From}";
        (record.From, record.Sender) = (TraceRecord.Other,
            $"{sender}, in the name of {record.Sender ?? $"{record.From}"}");
    }

    private string NameOf(int node) => (uint)node < (uint)names.Count ? names[node] : $"node {node}";

    private static (string, StepId, int?, int?, int?, TraceForm, long, ulong) ContentOf(TraceRecord record) =>
        (record.Kind, record.StepId, record.MicroBatch, record.Time, record.Edge, record.Form, record.Bytes,
            record.Hash);

    private sealed class Departed
    {
        public int From { get; init; }

        public string? Sender { get; init; }

        public int To { get; init; }

        public (string, StepId, int?, int?, int?, TraceForm, long, ulong) Content { get; init; }

        public bool HasCome { get; set; }
    }
}
