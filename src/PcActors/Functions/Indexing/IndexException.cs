namespace PcActors.Functions;

/// <summary>An index among an operator's values lies outside the axis that it is for. The message says which operator.</summary>
public sealed class IndexException(string message) : Exception(message);
