using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;


namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Which of a vertex's messages it is: in a right run no two have the same.</summary>
/// <param name="From">Id of the sender.</param>
/// <param name="To">Id of the receiver, or the coordinator.</param>
/// <param name="MessageKind">Its kind.</param>
/// <param name="Step">The attempt.</param>
/// <param name="Edge">Number of its edge; -1 for reports.</param>
/// <param name="MicroBatch">The micro-batch; -1 for all or none.</param>
/// <param name="Time">The timestep; -1 for none.</param>
/// <param name="Ordinal">Tells apart reports outside steps, in the order in which they were sent; otherwise 0.</param>
internal readonly record struct SentKey(
    int From, int To, MessageKind MessageKind, StepId Step, int Edge, int MicroBatch, int Time, int Ordinal);

/// <summary>What a message carried.</summary>
/// <param name="Payload">The tensor, if there was one.</param>
/// <param name="Loss">The loss, if it reported one.</param>
internal readonly record struct SentContent(TracePayload? Payload, double? Loss)
{
    /// <summary>Whether two messages carry the same, bit for bit.</summary>
    public bool IsSame(SentContent other) =>
        BitConverter.DoubleToInt64Bits(Loss ?? 0) == BitConverter.DoubleToInt64Bits(other.Loss ?? 0) && IsSame(Payload, other.Payload);

    private static bool IsSame(TracePayload? a, TracePayload? b)
    {
        if (a is null || b is null) return a is null && b is null;
        return Bytes(a.Whole).SequenceEqual(Bytes(b.Whole)) && (a.Whole is null) == (b.Whole is null)
            && a.Products.Count == b.Products.Count
            && a.Products.Zip(b.Products).All(p => IsSame(p.First.Left, p.Second.Left) && IsSame(p.First.Right, p.Second.Right));
    }

    private static bool IsSame(TraceFactor a, TraceFactor b) =>
        a.Rows == b.Rows && a.Transposed == b.Transposed && a.Shape.Equals(b.Shape) && Bytes(a.Elements).SequenceEqual(Bytes(b.Elements));

    private static ReadOnlySpan<byte> Bytes(byte[]? bytes) => bytes;
}
