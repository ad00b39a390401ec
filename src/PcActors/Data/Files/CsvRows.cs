using System.Text;
using nietras.SeparatedValues;

namespace PcActors.Data.Files;

/// <summary>The lines of a file of separated values that are not blank, as fields without quotes and the spaces around
/// them.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int LookedAt = 1 << 16;

    private readonly DataInput _input;
    private readonly PeekedReader _text;
    private readonly SepReader _reader;
    private int _next = 1;

    public CsvRows(DataInput input)
    {
        _input = input;
        _text = new PeekedReader(new StreamReader(input.Stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true,
            bufferSize: 1 << 16, leaveOpen: true), LookedAt);
        Separator = CsvSeparator.Of(_text.Peeked);
        _reader = Guard(() => Sep.New(Separator).Reader(o => o with
        {
            HasHeader = false,
            Unescape = true,
            Trim = SepTrim.All,
            DisableColCountCheck = true,
            CultureInfo = null,
        }).From(_text));
    }

    /// <summary>What divides fields.</summary>
    public char Separator { get; }

    /// <summary>Fields of the line at hand.</summary>
    public int Count { get; private set; }

    /// <summary>The number of its first line in the file, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>A field of the line at hand, to be asked for once.</summary>
    /// <param name="column">From 0.</param>
    public ReadOnlySpan<char> Field(int column) => _reader.Current[column].Span.Trim();

    /// <summary>The fields of the line at hand, in place of <see cref="Field"/>.</summary>
    public string[] ToArray() => [.. Enumerable.Range(0, Count).Select(c => Field(c).ToString())];

    /// <summary>Goes on to the next line that is not blank.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="DataException">It cannot be read.</exception>
    public bool MoveNext() => Guard(() =>
    {
        while (_reader.MoveNext())
        {
            var row = _reader.Current;
            Count = row.ColCount;
            // Of the first line Sep does not tell where it begins.
            (Line, _next) = (_next, row.LineNumberToExcl);
            if (row.Span.IsWhiteSpace()) continue;
            // What follows a quote that never ends is one field to the end of the file.
            if (_text is { IsAtEnd: true, IsWithinQuotes: true } && row.Span.ContainsAny('\n', '\r')) throw OpenQuote();
            return true;
        }
        return _text.IsWithinQuotes ? throw OpenQuote() : false;
    });

    public void Dispose()
    {
        _reader.Dispose();
        _text.Dispose();
    }

    private DataException OpenQuote() => new($"{_input.Name}, line {Math.Max(Line, 1)}",
        "a quote begins in it that never ends",
        "a field begins and ends with a quote, and a quote within it is doubled");

    private TResult Guard<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException
            or OverflowException or IndexOutOfRangeException)
        {
            throw new DataException($"{_input.Name}, after line {Line}", "the text cannot be divided into fields",
                "a line may have 16 million characters at most; a quote that begins a field has to end it");
        }
    }
}

/// <summary>Text whose beginning has been looked at.</summary>
internal sealed class PeekedReader : TextReader
{
    private readonly TextReader _rest;
    private int _position;

    public PeekedReader(TextReader text, int length)
    {
        var start = new char[length];
        Peeked = new string(start, 0, text.ReadBlock(start));
        _rest = text;
    }

    /// <summary>The beginning.</summary>
    public string Peeked { get; }

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether what has been read ends within quotes.</summary>
    public bool IsWithinQuotes { get; private set; }

    public override int Read(Span<char> buffer)
    {
        var count = _position == Peeked.Length ? _rest.Read(buffer)
            : Math.Min(buffer.Length, Peeked.Length - _position);
        if (_position < Peeked.Length)
        {
            Peeked.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
        }
        IsAtEnd = count == 0 && buffer.Length > 0;
        if (int.IsOddInteger(buffer[..count].Count('"'))) IsWithinQuotes = !IsWithinQuotes;
        return count;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override int Peek() => _position < Peeked.Length ? Peeked[_position] : _rest.Peek();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _rest.Dispose();
        base.Dispose(disposing);
    }
}
