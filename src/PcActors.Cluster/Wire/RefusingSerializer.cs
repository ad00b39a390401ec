using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace PcActors.Cluster.Wire;

/// <summary>Stands in for the serializers that would write any object and make any type that a peer names: it refuses, both ways.</summary>
internal sealed class RefusingSerializer : Serializer
{
    /// <summary>As Akka makes the serializer in whose place it stands.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="settings">What that serializer would be set to.</param>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    /// <inheritdoc/>
    // The identifier of Akka's JSON serializer: what a peer sends under it comes here.
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw new WireException($"a message of type {obj.GetType()} does not travel between nodes");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw new WireException("a message that is none of the protocol");
}
