using System.Buffers.Text;
using System.Text.Json;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

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
        if (!_lines.TryRead(out var line) || !Utf8Parser.TryParse(line, out long startedAt, out var read) || read != line.Length) throw Damaged("it has no beginning");
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
        if (line.Length < 4 || TracePart.RoleOf(line[0]) is not { } role || !Utf8Parser.TryParse(line[1..], out int origin, out var read) || line[1 + read] != (byte)' ')
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

    private TraceException Damaged(string what) => new($"the part of {_name}", what, "the nodes have to record the run anew");
}
