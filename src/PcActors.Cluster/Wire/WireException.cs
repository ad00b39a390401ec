namespace PcActors.Cluster.Wire;

/// <summary>Bytes from another node that are no message of the protocol, or a message that is none of it.</summary>
internal sealed class WireException(string message, Exception? cause = null) : Exception(message, cause);
