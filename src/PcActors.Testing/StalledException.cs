namespace PcActors.Testing;

/// <summary>No message is left and the step has not ended.</summary>
public sealed class StalledException(string message) : Exception(message);
