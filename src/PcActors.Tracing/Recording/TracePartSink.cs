using System.Globalization;
using System.Text;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Writes a node's part of a trace.</summary>
/// <param name="output">Receives it. It stays open: it is read when the run has ended.</param>
/// <param name="startedAt">When the recorder's clock began, in nanoseconds since 1970.</param>
internal sealed class TracePartSink(Stream output, long startedAt) : TraceSink
{
    private const int FlushAt = 1 << 18;

    private readonly TraceLine _line = new(2 * FlushAt);
    private TraceTotals _totals;
    private bool _hasBegun;

    /// <inheritdoc/>
    public override TraceTotals Totals => _totals;

    /// <inheritdoc/>
    public override void Write(TraceArrival arrival)
    {
        Begin();
        _line.AppendRaw([TracePart.Letter(arrival.Role)]);
        _line.AppendRaw(Encoding.ASCII.GetBytes(arrival.Origin.ToString(CultureInfo.InvariantCulture)));
        _line.AppendRaw(" "u8);
        _line.Append(arrival.Record);
        _totals = _totals.With(arrival.Record);
        if (_line.Length >= FlushAt) Drain();
    }

    /// <inheritdoc/>
    public override void End()
    {
        Begin();
        Drain();
        output.Flush();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private void Begin()
    {
        if (_hasBegun) return;
        _hasBegun = true;
        _line.AppendRaw(Encoding.ASCII.GetBytes(startedAt.ToString(CultureInfo.InvariantCulture)));
        _line.EndLine();
    }

    private void Drain()
    {
        output.Write(_line.Written);
        _line.Clear();
    }
}
