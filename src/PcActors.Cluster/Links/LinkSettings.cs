namespace PcActors.Cluster.Links;

/// <summary>Sizes and times of links.</summary>
internal static class LinkSettings
{
    /// <summary>Payload of a packet: throughput is best from 16 to 64 kB, and a packet must fit Akka's
    /// frame of 128,000 bytes.</summary>
    public const int PacketBytes = 48 * 1024;

    /// <summary>Bytes on their way to a peer: more would hold its heartbeats up, which share the connection.</summary>
    public const long Window = 6 * 1024 * 1024;

    /// <summary>Bytes after which they are acknowledged.</summary>
    public const long AcknowledgeEvery = Window / 8;

    /// <summary>Ticks without a word from the other end, after which it is asked what has come in.</summary>
    public const int ProbeAfter = 2;

    /// <summary>Ticks between questions to an end that does not answer, at most: they double up to it.</summary>
    public const int MaxProbeAfter = 40;

    /// <summary>How often an end looks whether there is something to acknowledge or to ask.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMilliseconds(50);
}
