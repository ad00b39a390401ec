using Akka.Actor;
using Akka.Serialization;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Records as they are. What is wrong with their bytes is found when they are read, by whoever knows what they are.</summary>
/// <param name="system">The actor system.</param>
internal sealed class StoredRecordSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc/>
    public override int Identifier => 7_037;

    /// <inheritdoc/>
    public override string Manifest(object o) => o is StoredRecord ? "record" : throw Refusal(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj is StoredRecord record ? record.Bytes : throw Refusal(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => new StoredRecord(bytes);

    private static WireException Refusal(object o) => new($"an object of type {o.GetType().Name} is not stored in checkpoints");
}
