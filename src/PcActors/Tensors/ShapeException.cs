namespace PcActors.Tensors;

/// <summary>Shapes do not fit each other or the operation. The message says which and what would fit.</summary>
public sealed class ShapeException(string message) : Exception(message);
