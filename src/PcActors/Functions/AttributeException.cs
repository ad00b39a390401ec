namespace PcActors.Functions;

/// <summary>An attribute is missing, of the wrong kind, or out of range. The message names it.</summary>
public sealed class AttributeException(string message) : Exception(message);
