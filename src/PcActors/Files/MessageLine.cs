namespace PcActors.Files;

/// <summary>The line in which a file is refused: where, what was found, what would be right.</summary>
internal static class MessageLine
{
    private const int LongestWord = 160;
    private const int LongestPart = 1000;
    private const int Head = 100;
    private const int Tail = 40;

    /// <summary>Joins its parts.</summary>
    /// <param name="source">The file and the place in it; as it is, but for control characters.</param>
    /// <param name="found">What was found; words and lists that are long beyond reading are shortened.</param>
    /// <param name="wanted">What would be right; null when that goes without saying.</param>
    public static string Of(string source, string found, string? wanted) => Printable(wanted is null
        ? $"{source}: {Readable(found)}"
        : $"{source}: {Readable(found)}; {Readable(wanted)}");

    // Names come from the file, and may be of any length.
    private static string Readable(string text)
    {
        if (text.Length <= LongestWord) return text;
        var words = text.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Length > LongestWord) words[i] = $"{words[i][..Head]}...{words[i][^Tail..]}";
        }
        var shorter = string.Join(' ', words);
        return shorter.Length <= LongestPart ? shorter : $"{shorter[..LongestPart]}...";
    }

    // They may hold anything, too; a terminal should not see it.
    private static string Printable(string text) => string.Create(text.Length, text, (line, from) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? '?' : from[i];
    });
}
