using PcActors.Learning.Protocol;

namespace PcActors.Tracing.Format;

/// <summary>How much a trace holds.</summary>
/// <param name="Messages">Records.</param>
/// <param name="Values">Of these, values between vertices.</param>
/// <param name="Errors">Of these, errors between vertices.</param>
/// <param name="Bytes">Bytes of all tensors' elements, as they travelled.</param>
public readonly record struct TraceTotals(long Messages, long Values, long Errors, long Bytes)
{
    /// <summary>Records that are neither values nor errors.</summary>
    public long Control => Messages - Values - Errors;

    /// <summary>The totals with one more record.</summary>
    public TraceTotals With(TraceRecord record) => new(
        Messages + 1,
        Values + (record.Kind == MessageKind.Value.Name ? 1 : 0),
        Errors + (record.Kind == MessageKind.Error.Name ? 1 : 0),
        Bytes + record.Bytes);
}
