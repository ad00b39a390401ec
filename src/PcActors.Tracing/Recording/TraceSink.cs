using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Where a recorder's records go. One thread at a time.</summary>
internal abstract class TraceSink : IDisposable
{
    /// <summary>What has been written.</summary>
    public abstract TraceTotals Totals { get; }

    /// <summary>Writes a record.</summary>
    public abstract void Write(TraceArrival arrival);

    /// <summary>Nothing follows.</summary>
    public abstract void End();

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Writes a trace file.</summary>
internal sealed class TraceFileSink(Stream output, TraceHeader header) : TraceSink
{
    private readonly TraceWriter _writer = new(output, header);

    /// <inheritdoc/>
    public override TraceTotals Totals => _writer.Totals;

    /// <inheritdoc/>
    public override void Write(TraceArrival arrival) => _writer.Write(arrival.Record);

    /// <inheritdoc/>
    public override void End() => _writer.End();

    /// <inheritdoc/>
    public override void Dispose() => _writer.Dispose();
}
