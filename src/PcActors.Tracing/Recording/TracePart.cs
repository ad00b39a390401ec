using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>What is recorded of a run on several nodes.</summary>
/// <param name="Payloads">Whether tensors' elements are.</param>
/// <param name="Norms">Whether their norms are.</param>
internal sealed record NodeTracing(bool Payloads, bool Norms);

/// <summary>What one node has recorded, in a file: lines of a role, a node and a record. It makes a
/// trace together with those of the other nodes only, and lives no longer than the run, so it has no version.</summary>
internal static class TracePart
{
    /// <summary>How a line begins that holds a record; the number of the record's origin and a space follow.</summary>
    public static byte Letter(TraceRole role) => role switch
    {
        TraceRole.Departure => (byte)'D',
        TraceRole.Order => (byte)'O',
        _ => (byte)'M',
    };

    /// <summary>What a line holds that begins so.</summary>
    public static TraceRole? RoleOf(byte letter) => letter switch
    {
        (byte)'D' => TraceRole.Departure,
        (byte)'O' => TraceRole.Order,
        (byte)'M' => TraceRole.Message,
        _ => null,
    };
}

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

/// <summary>Reads a node's part of a trace.</summary>
internal sealed class TracePartReader
{
    private readonly string _name;
    private readonly TraceLines _lines;
    private readonly TraceRecordParser _parser;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The part, at its beginning; it stays open.</param>
    /// <param name="name">What complaints call it.</param>
    /// <param name="header">The run's.</param>
    /// <exception cref="TraceException">It is no part of a trace.</exception>
    public TracePartReader(Stream stream, string name, TraceHeader header)
    {
        (_name, _lines, _parser) = (name, new TraceLines(stream), new TraceRecordParser(header));
        if (!_lines.TryRead(out var line) || !Utf8Parser.TryParse(line, out long startedAt, out var read)
            || read != line.Length) throw Damaged("it has no beginning");
        StartedAt = startedAt;
    }

    /// <summary>When the node's clock began, in nanoseconds since 1970.</summary>
    public long StartedAt { get; }

    /// <summary>Reads the next entry.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="TraceException">The part is damaged.</exception>
    public (TraceRole Role, int Origin, TraceRecord Record)? Read()
    {
        if (!_lines.TryRead(out var line)) return line.Length == 0 ? null : throw Damaged("its last line has no end");
        if (line.Length < 4 || TracePart.RoleOf(line[0]) is not { } role
            || !Utf8Parser.TryParse(line[1..], out int origin, out var read) || line[1 + read] != (byte)' ')
            throw Damaged("a line has no role");
        try
        {
            return (role, origin, _parser.Parse(line[(2 + read)..]));
        }
        catch (Exception e) when (e is TraceFormatException or JsonException)
        {
            throw Damaged(e.Message);
        }
    }

    private TraceException Damaged(string what) =>
        new($"the part of {_name}", what, "the nodes have to record the run anew");
}
