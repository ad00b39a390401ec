using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace PcActors.Tracing.Format;

/// <summary>Reads a trace, record by record. Strict: a file that is no trace, of another version,
/// truncated or edited is refused; the last two show at its end.</summary>
public sealed class TraceReader : IDisposable
{
    private readonly string _file;
    private readonly Stream _stream;
    private readonly TraceLines _lines;
    private readonly TraceRecordParser _parser;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Func<TraceRecord?> _readRecord;
    private long _line = 1;

    /// <summary>Begins to read a trace.</summary>
    /// <param name="stream">The trace; closed with the reader.</param>
    /// <param name="file">What complaints call it.</param>
    /// <exception cref="TraceException">It is no trace, or of another version.</exception>
    public TraceReader(Stream stream, string file)
    {
        (_stream, _file, _lines, _readRecord) = (stream, file, new TraceLines(stream), ReadRecord);
        try
        {
            Header = Guarded(ReadHeader);
        }
        catch
        {
            Dispose();
            throw;
        }
        _parser = new TraceRecordParser(Header);
    }

    /// <summary>What ran.</summary>
    public TraceHeader Header { get; }

    /// <summary>What has been read; the trace's totals when there are no more records.</summary>
    public TraceTotals Totals { get; private set; }

    /// <summary>Whether the end has been reached, and the trace found whole.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Begins to read a file, compressed or not.</summary>
    /// <exception cref="TraceException">There is none, it is no trace, or of another version.</exception>
    public static TraceReader Open(string path) => new(TraceFile.OpenRead(path), path);

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end of a whole trace.</returns>
    /// <exception cref="TraceException">The trace is truncated or edited, or holds something
    /// that no trace does.</exception>
    public bool TryRead([NotNullWhen(true)] out TraceRecord? record)
    {
        record = IsAtEnd ? null : Guarded(_readRecord);
        return record is not null;
    }

    /// <summary>Reads the records that are left.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TraceException">The trace is truncated or edited, or holds something
    /// that no trace does.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public IEnumerable<TraceRecord> Records(CancellationToken cancellation = default)
    {
        while (TryRead(out var record))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private TraceHeader ReadHeader()
    {
        var start = _lines.Peek(TraceHeaderJson.Beginning.Length);
        if (start.Length == 0) throw new TraceException(_file, "it is empty", "a trace file is wanted");
        if (!start.SequenceEqual(TraceHeaderJson.Beginning))
            throw new TraceException(_file, "it is no trace", "a trace begins with {\"event\":\"trace\"");
        if (!_lines.TryRead(out var line)) throw Truncated();
        AddToHash(line);
        return TraceHeaderJson.Parse(line);
    }

    private TraceRecord? ReadRecord()
    {
        _line++;
        if (!_lines.TryRead(out var line)) throw Truncated();
        if (line.StartsWith(TraceRecordParser.EndBeginning))
        {
            End(line);
            return null;
        }
        AddToHash(line);
        var record = _parser.Parse(line);
        Totals = Totals.With(record);
        return record;
    }

    private void End(ReadOnlySpan<byte> line)
    {
        var (totals, sha256) = TraceRecordParser.ParseEnd(line);
        if (_lines.Peek(1).Length > 0)
            throw new TraceException($"{_file}, line {_line + 1}", "something follows the end of the trace",
                "the file has been edited, or two traces are in it");
        if (!Convert.ToHexStringLower(_hash.GetHashAndReset()).Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new TraceException(_file, "its SHA-256 is not that of its last line",
                "the file has been edited or damaged; it is worth nothing as a record of a run");
        if (totals != (Totals.Messages, Totals.Values, Totals.Errors))
        {
            throw new TraceException(
                _file,
                $"it holds {Totals.Messages} messages, {Totals.Values} values and {Totals.Errors} errors, and its "
                + $"last line says {totals.Messages}, {totals.Values} and {totals.Errors}",
                "the file has been edited");
        }
        IsAtEnd = true;
    }

    private void AddToHash(ReadOnlySpan<byte> line)
    {
        _hash.AppendData(line);
        _hash.AppendData("\n"u8);
    }

    private TraceException Truncated() =>
        new(_file, $"it is truncated after {Totals.Messages} messages: its last line is missing",
            "the run that wrote it did not end, or it has been cut");

    private TResult Guarded<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (TraceFormatException e)
        {
            throw new TraceException($"{_file}, line {_line}", e.Message, e.Wanted);
        }
        catch (JsonException)
        {
            throw new TraceException($"{_file}, line {_line}", "it is no JSON", "the file has been edited or damaged");
        }
        catch (InvalidOperationException e)
        {
            // What the JSON reader says of a value of another kind than is asked for, and of a text that is not UTF-8.
            throw new TraceException($"{_file}, line {_line}", $"a value is of the wrong kind, or no text: {e.Message}",
                "the file has been edited or damaged");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new TraceException($"{_file}, line {_line}", $"it cannot be read: {e.Message}",
                "the file is damaged or has been cut");
        }
    }
}
