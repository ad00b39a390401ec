using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Wire;

/// <summary>Types of messages, each by its name. There is no way to any other type.</summary>
/// <param name="types">The types.</param>
internal sealed class WireProtocol(params IEnumerable<Type> types)
{
    private readonly Dictionary<Type, WireEntry> _byType = types.ToDictionary(t => t,
        t => new WireEntry(MessageKind.NameOf(t), t));
    private Dictionary<string, WireEntry>? _byManifest;

    /// <summary>All of them.</summary>
    public IEnumerable<WireEntry> Entries => _byType.Values;

    private Dictionary<string, WireEntry> ByManifest =>
        _byManifest ??= Entries.ToDictionary(e => e.Manifest, StringComparer.Ordinal);

    /// <summary>The name of a message's type.</summary>
    /// <exception cref="WireException">It does not travel.</exception>
    public string ManifestOf(object message) => EntryOf(message).Manifest;

    /// <summary>How many bytes a message takes.</summary>
    /// <exception cref="WireException">It is of a type that does not travel, or too large.</exception>
    public int SizeOf(object message)
    {
        var counter = new WireWriter([]);
        try
        {
            EntryOf(message).Codec.Write(ref counter, message);
            return counter.Length;
        }
        catch (OverflowException e)
        {
            throw new WireException("more than 2^31 - 1 bytes do not travel between nodes at once", e);
        }
    }

    /// <summary>A message as it travels.</summary>
    /// <exception cref="WireException">It is of a type that does not, or too large.</exception>
    public byte[] Write(object message)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(SizeOf(message));
        var writer = new WireWriter(bytes);
        EntryOf(message).Codec.Write(ref writer, message);
        return bytes;
    }

    /// <summary>A message that has travelled. Memory that it has is a part of the bytes.</summary>
    /// <exception cref="WireException">It is none; what is wrong is said, and in which field.</exception>
    public object Read(string manifest, ReadOnlyMemory<byte> bytes)
    {
        if (!ByManifest.TryGetValue(manifest, out var entry))
            throw new WireException(
                $"'{(manifest.Length <= 40 ? manifest : manifest[..40] + "...")}' is no message of the protocol");
        var reader = new WireReader(bytes);
        try
        {
            var message = entry.Codec.Read(ref reader);
            return reader.Left == 0 ? message : throw new WireException($"{reader.Left} bytes follow its end");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new WireException(
                $"a damaged message '{manifest}' ({reader.Field ?? "at its beginning"}): {e.Message}", e);
        }
    }

    private WireEntry EntryOf(object message) => _byType.TryGetValue(message.GetType(), out var entry)
        ? entry
        : throw new WireException($"a message of type {message.GetType().Name} does not travel between nodes");
}

/// <summary>One type of messages.</summary>
/// <param name="Manifest">Its name on the wire.</param>
/// <param name="Type">The type.</param>
internal sealed record WireEntry(string Manifest, Type Type)
{
    private readonly Lazy<Codec<object>> _codec = new(
        () => (Codec<object>)Wire.Codec.Call(typeof(Codec), nameof(Wire.Codec.OfBoxed), Type));

    /// <summary>How they travel.</summary>
    public Codec<object> Codec => _codec.Value;
}
