namespace PcActors.Checkpoints;

/// <summary>A checkpoint cannot be saved, found or read. The message names the place and what is wrong with
/// it.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
