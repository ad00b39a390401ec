using PcActors.Files;

namespace PcActors.Data;

/// <summary>A data file cannot be used. The message is one line: the file, what was found there,
/// what would be right.</summary>
/// <param name="source">The file or data set, with a line, column or key where that helps.</param>
/// <param name="found">What was found there.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class DataException(string source, string found, string? wanted = null)
    : Exception(MessageLine.Of(source, found, wanted));
