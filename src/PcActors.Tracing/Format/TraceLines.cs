namespace PcActors.Tracing.Format;

/// <summary>A stream's lines, one after the other, without more of the stream in memory than the longest one.</summary>
internal sealed class TraceLines(Stream stream)
{
    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The first bytes, as many as there are up to <paramref name="count"/>; they stay unread.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && Fill())
        {
        }
        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    /// <param name="line">The line; what is left where no line ends any more.</param>
    /// <returns>Whether the line has an end.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = _buffer.AsSpan(_start, searched + found);
                _start += searched + found + 1;
                return true;
            }
            searched = _end - _start;
            if (Fill()) continue;
            line = _buffer.AsSpan(_start, searched);
            _start = _end;
            return false;
        }
    }

    private bool Fill()
    {
        if (_isAtEnd) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isAtEnd = read == 0;
        return read > 0;
    }
}
