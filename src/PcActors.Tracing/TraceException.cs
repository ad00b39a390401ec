using PcActors.Files;

namespace PcActors.Tracing;

/// <summary>A trace file cannot be used. The message is one line: the file, what was found there,
/// what would be right.</summary>
/// <param name="file">The file, with a line where that helps.</param>
/// <param name="found">What was found there.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class TraceException(string file, string found, string? wanted = null)
    : Exception(MessageLine.Of(file, found, wanted));
