namespace PcNode;

/// <summary>The person who called made a mistake. The message is one line: which option, key or file, what was found, what
/// would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
