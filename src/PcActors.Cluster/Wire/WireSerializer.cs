using Akka.Actor;
using Akka.Serialization;

namespace PcActors.Cluster.Wire;

/// <summary>What actor systems of different nodes say to each other, besides Akka's own: the messages that
/// open and close runs, packets of links, and questions about traces and the cluster.</summary>
/// <param name="system">The actor system.</param>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The types, for Akka's configuration.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(OpenPart),
        typeof(PartOpened),
        typeof(PartFailed),
        typeof(OpenRun),
        typeof(RunOpened),
        typeof(RunFailed),
        typeof(CloseRun),
        typeof(AskStatus),
        typeof(StatusAnswer),
        typeof(LinkFrame),
        typeof(LinkChunk),
        typeof(LinkAcknowledgement),
        typeof(LinkProbe),
        typeof(RequestTraces),
        typeof(TraceList),
        typeof(RequestTracePart),
        typeof(TraceBytes),
        typeof(ForgetTraces),
    ];

    /// <summary>How they travel.</summary>
    public static WireProtocol Protocol { get; } = new(Types);

    /// <inheritdoc/>
    public override int Identifier => 7_036;

    /// <inheritdoc/>
    public override string Manifest(object o) => Protocol.ManifestOf(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => Protocol.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => Protocol.Read(manifest, bytes);
}
