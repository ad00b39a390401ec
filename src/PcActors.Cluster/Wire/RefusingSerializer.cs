using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace PcActors.Cluster.Wire;

/// <summary>Stands in for a serializer of Akka's that would write any object and make any type that a peer names: it
/// refuses, both ways.</summary>
/// <param name="system">The actor system.</param>
/// <param name="identifier">Of the serializer in whose place it stands: what a peer sends under it comes here.</param>
internal abstract class RefusingSerializer(ExtendedActorSystem system, int identifier) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => identifier;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new WireException($"a message of type {obj.GetType()} does not travel between nodes");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new WireException("a message that is none of the protocol");
}

/// <summary>In the place of the one of arbitrary objects as JSON.</summary>
internal sealed class RefusingJsonSerializer : RefusingSerializer
{
    /// <summary>As Akka makes that one.</summary>
    public RefusingJsonSerializer(ExtendedActorSystem system, Config settings)
        : base(system, 1) => _ = settings;
}

/// <summary>In the place of the one of arbitrary protobuf messages.</summary>
internal sealed class RefusingProtobufSerializer(ExtendedActorSystem system) : RefusingSerializer(system, 2);
