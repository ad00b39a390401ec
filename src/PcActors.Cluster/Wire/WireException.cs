namespace PcActors.Cluster.Wire;

/// <summary>Bytes from another node that are no message of the protocol, or a message that is none of it.</summary>
public sealed class WireException(string message, Exception? cause = null) : Exception(message, cause);
