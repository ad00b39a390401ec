using System.Security.Cryptography;

namespace PcActors.Tracing.Format;

/// <summary>Writes a trace: the header at once, records as they come, and at the end what tells a
/// whole trace from a truncated or edited one. One thread at a time.</summary>
internal sealed class TraceWriter : IDisposable
{
    private const int FlushAt = 1 << 18;

    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TraceLine _line = new(2 * FlushAt);
    private bool _isEnded;

    /// <summary>Begins a trace.</summary>
    /// <param name="stream">Receives it; closed with the writer.</param>
    /// <param name="header">What runs.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public TraceWriter(Stream stream, TraceHeader header)
    {
        _stream = stream;
        _line.AppendRaw(TraceHeaderJson.Write(header));
        _line.EndLine();
    }

    /// <summary>What has been written.</summary>
    public TraceTotals Totals { get; private set; }

    /// <summary>Writes a record.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(TraceRecord record)
    {
        _line.Append(record);
        Totals = Totals.With(record);
        if (_line.Length >= FlushAt) Drain();
    }

    /// <summary>Ends the trace; nothing can be written afterwards. Without it, a trace counts as truncated.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void End()
    {
        if (_isEnded) return;
        Drain();
        _isEnded = true;
        _line.AppendEnd(Totals, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        _stream.Write(_line.Written);
        _line.Clear();
        _stream.Flush();
    }

    /// <summary>Closes the stream, whether the trace is whole or not.</summary>
    /// <exception cref="IOException">What was left could not be written.</exception>
    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private void Drain()
    {
        _hash.AppendData(_line.Written);
        _stream.Write(_line.Written);
        _line.Clear();
    }
}
