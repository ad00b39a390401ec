namespace PcActors.Tracing;

/// <summary>A trace file cannot be used. The message is one line: the file, what was found there,
/// what would be right.</summary>
/// <param name="file">The file, with a line where that helps.</param>
/// <param name="found">What was found there.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class TraceException(string file, string found, string? wanted = null)
    : Exception(OneLine(wanted is null ? $"{file}: {found}" : $"{file}: {found}; {wanted}"))
{
    // What is quoted from a damaged file may hold anything; a terminal should not see it.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
}
