using Akka.Actor;
using Akka.Serialization;

namespace PcActors.Cluster.Wire;

/// <summary>Stands in for Akka's serializer of arbitrary protobuf messages: it refuses, both ways.</summary>
/// <param name="system">The actor system.</param>
internal sealed class RefusingProtobufSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 2;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new WireException($"a message of type {obj.GetType()} does not travel between nodes");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new WireException("a message that is none of the protocol");
}
