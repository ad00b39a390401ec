using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace PcActors.Cluster.Wire;

/// <summary>What actor systems of different nodes say to each other, besides Akka's own: the messages that open and close runs, and
/// packets of links.</summary>
/// <param name="system">The actor system.</param>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    // The names of their types in protocol.proto are what they are called.
    private static readonly Dictionary<string, MessageDescriptor> Messages = new MessageDescriptor[]
    {
        Schema.OpenPart.Descriptor,
        Schema.PartOpened.Descriptor,
        Schema.PartFailed.Descriptor,
        Schema.OpenRun.Descriptor,
        Schema.RunOpened.Descriptor,
        Schema.RunFailed.Descriptor,
        Schema.CloseRun.Descriptor,
        Schema.AskStatus.Descriptor,
        Schema.StatusAnswer.Descriptor,
        Schema.LinkFrame.Descriptor,
        Schema.LinkChunk.Descriptor,
        Schema.LinkAcknowledgement.Descriptor,
        Schema.LinkProbe.Descriptor,
        Schema.RequestTraces.Descriptor,
        Schema.Traces.Descriptor,
        Schema.RequestTracePart.Descriptor,
        Schema.TracePart.Descriptor,
        Schema.ForgetTraces.Descriptor,
    }.ToDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>The types, for Akka's configuration.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Messages.Values.Select(d => d.ClrType)];

    /// <inheritdoc/>
    public override int Identifier => 7_036;

    /// <inheritdoc/>
    public override string Manifest(object o) => o is IMessage { Descriptor: var type } && Messages.ContainsValue(type)
        ? type.Name
        : throw new WireException($"a message of type {o.GetType().Name} does not travel between nodes");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        return ((IMessage)obj).ToByteArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Messages.TryGetValue(manifest, out var type)) throw new WireException("a message that is none of the protocol");
        try
        {
            return type.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WireException($"a damaged message '{manifest}': {e.Message}", e);
        }
    }
}
