namespace PcActors.Benchmarks;

/// <summary>A mode cannot do all that it was asked. The message is one line: what is wrong, and what would be
/// right.</summary>
internal sealed class ModeException(string message) : Exception(message);
