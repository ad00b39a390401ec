using System.Numerics;
using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Wire;

/// <summary>The messages of a run that cross nodes, in parcels: all of the protocol's kinds, and those by which a
/// run is set up, given its work and ended.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static class WireFormat<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How they travel.</summary>
    public static WireProtocol Protocol { get; } = new(
    [
        .. MessageKind.All.Select(kind => kind.TypeOf<T>()),
        typeof(RunOptions),
        typeof(VertexPlan<T>),
        typeof(SpawnVertices),
        typeof(VerticesSpawned),
        typeof(VertexFault),
        typeof(NodeFault),
        typeof(RunTerms),
        typeof(RunVertex<T>),
        typeof(TermBegun),
        typeof(TermEnded),
        typeof(Work<T>),
        typeof(WorkDone<T>),
        typeof(StateCollected<T>),
        typeof(RunBroken),
    ]);

    /// <summary>All of them.</summary>
    public static IEnumerable<WireEntry> Entries => Protocol.Entries;

    /// <summary>A message as it travels.</summary>
    /// <exception cref="WireException">It is of a type that does not.</exception>
    public static (string Manifest, byte[] Payload) Write(object message) =>
        (Protocol.ManifestOf(message), Protocol.Write(message));

    /// <summary>A message that has travelled.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public static object Read(string manifest, ReadOnlyMemory<byte> payload) => Protocol.Read(manifest, payload);
}
