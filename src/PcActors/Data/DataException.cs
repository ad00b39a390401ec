namespace PcActors.Data;

/// <summary>A data file cannot be used. The message is one line: the file, what was found there, what would be right.</summary>
/// <param name="source">The file or data set, with a line, column or key where that helps.</param>
/// <param name="found">What was found there.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class DataException(string source, string found, string? wanted = null)
    : Exception(OneLine(wanted is null ? $"{source}: {found}" : $"{source}: {found}; {wanted}"))
{
    // What is quoted from a damaged file may hold anything; a terminal should not see it.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
}
