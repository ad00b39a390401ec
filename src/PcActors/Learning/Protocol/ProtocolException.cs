namespace PcActors.Learning.Protocol;

/// <summary>A vertex was sent a message that its graph does not allow: from no neighbour, of the
/// wrong time or shape.</summary>
public sealed class ProtocolException(string message) : Exception(message);
