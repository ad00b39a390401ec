
namespace PcNode.Configuration;

/// <summary>The text of a file, for errors that name a place in it.</summary>
internal sealed record HoconSource(string File, string Text)
{
    private const int LongestShown = 60;

    /// <summary>A place in words: the file, the line and the column, from 1.</summary>
    public string Place(int at)
    {
        var before = Text.AsSpan(0, at);
        var (line, column) = (1 + before.Count('\n'), at - before.LastIndexOf('\n'));
        return $"{File}: line {line}, column {column}";
    }

    /// <summary>An error at a place.</summary>
    public UsageException Error(int at, string what) => new($"{Place(at)}: {what}");

    /// <summary>What was found, for a message: not all of it if it is long.</summary>
    public static string Shown(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}...";
}
