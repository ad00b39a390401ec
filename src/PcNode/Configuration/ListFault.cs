namespace PcNode.Configuration;

/// <summary>Says which entry of a list is wrong.</summary>
internal static class ListFault
{
    /// <summary>The first entry of a list that is wrong, as the end of a sentence; null where there is only one entry,
    /// or none is.</summary>
    /// <param name="text">The list.</param>
    /// <param name="isWrong">Whether an entry is.</param>
    /// <param name="words">What is said of it.</param>
    /// <param name="key">What may stand only once in the list; null where anything may stand twice.</param>
    public static string? Of(string text, Func<string, bool> isWrong, Func<string, string> words,
        Func<string, string>? key = null)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries);
        if (entries.Length == 1) return null;
        if (Array.Find(entries, e => isWrong(e)) is { } wrong) return $"; {words(HoconSource.Shown(wrong))}";
        return key is not null && entries.GroupBy(key).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? $"; '{HoconSource.Shown(twice.Key)}' stands twice" : null;
    }
}
