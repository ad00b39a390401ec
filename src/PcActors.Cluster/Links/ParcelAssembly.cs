using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Links;

/// <summary>Puts the parts of one parcel after the other together again; they come in order.</summary>
internal sealed class ParcelAssembly
{
    // Memory is taken for what has come in, not for what was announced.
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private long _bytes;
    private long _total;

    /// <summary>Takes a part.</summary>
    /// <returns>The parcel, when it is complete.</returns>
    /// <exception cref="WireException">The part does not fit, or the parcel is damaged.</exception>
    public Parcel? Add(LinkChunk chunk)
    {
        if (_parts.Count == 0) _total = chunk.Total;
        if (chunk.Total is < 1 or > int.MaxValue || chunk.Total != _total || chunk.Offset != _bytes
            || chunk.Data.Length == 0
            || chunk.Data.Length > _total - _bytes)
        {
            throw new WireException(
                $"{chunk.Data.Length} bytes at {chunk.Offset} are no part of a message of {chunk.Total}, of which "
                + $"{_bytes} have come");
        }
        _parts.Add(chunk.Data);
        _bytes += chunk.Data.Length;
        return _bytes == _total ? Whole() : null;
    }

    private Parcel Whole()
    {
        var bytes = new byte[_total];
        var end = 0;
        foreach (var part in _parts)
        {
            part.Span.CopyTo(bytes.AsSpan(end));
            end += part.Length;
        }
        _parts.Clear();
        _bytes = 0;
        return Parcel.Of(bytes);
    }
}
