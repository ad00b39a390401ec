namespace PcActors.Clustering.Links;

/// <summary>Sizes of links.</summary>
internal static class LinkSettings
{
    /// <summary>Payload of a packet: throughput is best from 16 to 64 kB, and a packet must fit Akka's frame of 128,000 bytes.</summary>
    public const int PacketBytes = 48 * 1024;

    /// <summary>Bytes on their way to a peer: more would hold its heartbeats up, which share the connection.</summary>
    public const long Window = 6 * 1024 * 1024;

    /// <summary>Bytes after which they are acknowledged.</summary>
    public const long AcknowledgeEvery = Window / 8;

    /// <summary>How long an end waits for an acknowledgement before it asks.</summary>
    public static TimeSpan ProbeAfter { get; } = TimeSpan.FromMilliseconds(500);
}
