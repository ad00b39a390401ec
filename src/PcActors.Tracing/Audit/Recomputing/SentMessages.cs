using System.Runtime.InteropServices;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Which of a vertex's messages it is: in a right run no two have the same.</summary>
/// <param name="From">Id of the sender.</param>
/// <param name="To">Id of the receiver, or the coordinator.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Step">The attempt.</param>
/// <param name="Edge">Number of its edge; null for reports.</param>
/// <param name="MicroBatch">The micro-batch; -1 for all, null for none.</param>
/// <param name="Time">The timestep; null for none.</param>
/// <param name="Ordinal">Tells apart reports outside steps, in the order in which they were sent; otherwise 0.</param>
internal readonly record struct SentKey(int From, int To, string Kind, StepId Step, int? Edge, int? MicroBatch,
    int? Time, int Ordinal);

/// <summary>Messages that vertices were recorded to have sent, or send when they are fed anew, as long as their
/// counterparts have not come.</summary>
internal sealed class SentMessages
{
    private readonly Dictionary<SentKey, TraceRecord> _alone = [];
    private readonly Dictionary<(int From, string Kind), int> _outsideSteps = [];

    /// <summary>Those whose counterparts have not come.</summary>
    public IEnumerable<SentKey> Alone => _alone.Keys;

    /// <summary>Which one the next message is.</summary>
    public SentKey KeyOf(TraceRecord record)
    {
        var ordinal = record.IsOfStep
            ? 0
            : ++CollectionsMarshal.GetValueRefOrAddDefault(_outsideSteps, (record.From, record.Kind), out _);
        return new SentKey(record.From, record.To, record.Kind, record.StepId, record.Edge, record.MicroBatch,
            record.Time, ordinal);
    }

    /// <summary>Adds a message; false when it is there already.</summary>
    public bool Add(SentKey key, TraceRecord record) => _alone.TryAdd(key, record);

    /// <summary>Takes a message out; null when it is not there.</summary>
    public TraceRecord? Take(SentKey key) => _alone.Remove(key, out var record) ? record : null;

    /// <summary>Whether two messages carry the same, bit for bit.</summary>
    public static bool CarrySame(TraceRecord a, TraceRecord b) =>
        BitConverter.DoubleToInt64Bits(a.Loss ?? 0) == BitConverter.DoubleToInt64Bits(b.Loss ?? 0)
            && BitConverter.DoubleToInt64Bits(a.Energy ?? 0) == BitConverter.DoubleToInt64Bits(b.Energy ?? 0)
            && AreSame(a.Payload, b.Payload) && AreSame(a.State, b.State);

    // Traces of before have no states.
    private static bool AreSame(TraceState? a, TraceState? b) =>
        a is null || b is null
            || (a.Updates == b.Updates && a.Elements.Count == b.Elements.Count
                && a.Elements.Zip(b.Elements).All(e => e.First.AsSpan().SequenceEqual(e.Second)));

    private static bool AreSame(TracePayload? a, TracePayload? b)
    {
        if (a is null || b is null) return a is null && b is null;
        return (a.Whole is null) == (b.Whole is null) && a.Whole.AsSpan().SequenceEqual(b.Whole)
            && a.Products.Count == b.Products.Count
            && a.Products.Zip(b.Products)
                .All(p => AreSame(p.First.Left, p.Second.Left) && AreSame(p.First.Right, p.Second.Right));
    }

    private static bool AreSame(TraceFactor a, TraceFactor b) =>
        a.Rows == b.Rows && a.Transposed == b.Transposed && a.Shape.Equals(b.Shape)
            && a.Elements.AsSpan().SequenceEqual(b.Elements);
}
