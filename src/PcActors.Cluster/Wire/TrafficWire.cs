namespace PcActors.Cluster.Wire;

/// <summary>What has gone over links, as it travels.</summary>
internal static class TrafficWire
{
    public static Schema.LinkTraffic Write(LinkTraffic traffic) => new()
    {
        Messages = traffic.Messages,
        PayloadBytes = traffic.PayloadBytes,
        Packets = traffic.Packets,
        Bytes = traffic.Bytes,
    };

    public static LinkTraffic Read(Schema.LinkTraffic? written) =>
        written is null ? default : new(written.Messages, written.PayloadBytes, written.Packets, written.Bytes);
}
