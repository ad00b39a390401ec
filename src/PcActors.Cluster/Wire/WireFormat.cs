using System.Numerics;
using Google.Protobuf;

namespace PcActors.Cluster.Wire;

/// <summary>The messages that travel in parcels, as bytes. There is no way to any other type.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static class WireFormat<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WireEntry> Entries { get; } =
        [.. NeighbourWire<T>.Entries, .. ControlWire<T>.Entries, .. ReportWire<T>.Entries, .. PlanWire<T>.Entries,
        .. RunWire<T>.Entries, .. WorkWire<T>.Entries];

    private static readonly Dictionary<Type, WireEntry> ByType = Entries.ToDictionary(e => e.Type);

    private static readonly Dictionary<string, WireEntry> ByManifest = Entries.ToDictionary(e => e.Manifest, StringComparer.Ordinal);

    /// <summary>A message as it travels.</summary>
    /// <exception cref="WireException">It is of a type that does not.</exception>
    public static (string Manifest, ByteString Payload) Write(object message)
    {
        if (!ByType.TryGetValue(message.GetType(), out var entry))
            throw new WireException($"a message of type {message.GetType().Name} does not travel between nodes");
        var written = entry.Write(message);
        var bytes = new byte[written.CalculateSize()];
        written.WriteTo(bytes.AsSpan());
        return (entry.Manifest, UnsafeByteOperations.UnsafeWrap(bytes));
    }

    /// <summary>A message that has travelled.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public static object Read(string manifest, ByteString payload)
    {
        if (!ByManifest.TryGetValue(manifest, out var entry)) throw new WireException($"'{Shortened(manifest)}' is no message of the protocol");
        try
        {
            return entry.Read(payload);
        }
        catch (Exception e) when (e is not (WireException or OutOfMemoryException))
        {
            throw new WireException($"a damaged message '{manifest}': {e.Message}", e);
        }
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
