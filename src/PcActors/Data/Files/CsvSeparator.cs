namespace PcActors.Data.Files;

/// <summary>What divides the fields of a file: a comma, a semicolon, a tab or a bar; a space where there is none of
/// them.</summary>
internal static class CsvSeparator
{
    // Where several would do, a comma may be a decimal one, or stand in words.
    private static readonly char[] Candidates = ['\t', ';', '|', ','];

    private const int MostLines = 32;

    /// <summary>The separator that divides the first lines into equally many fields; else the one that the first line
    /// has most of.</summary>
    /// <param name="text">The beginning of the file.</param>
    public static char Of(string text)
    {
        var (lines, spaces, space) = (new List<int[]>(), new List<int>(), 0);
        var counts = new int[Candidates.Length];
        var (isQuoted, isBlank) = (false, true);
        for (var i = 0; i < text.Length && lines.Count < MostLines; i++)
        {
            var sign = text[i];
            if (sign == '"') isQuoted = !isQuoted;
            if (!isQuoted && sign is '\n' or '\r')
            {
                if (!isBlank)
                {
                    lines.Add(counts);
                    spaces.Add(space);
                }
                (counts, space, isBlank) = (new int[Candidates.Length], 0, true);
                continue;
            }
            isBlank &= char.IsWhiteSpace(sign);
            if (!isQuoted && sign == ' ') space++;
            if (!isQuoted && Array.IndexOf(Candidates, sign) is >= 0 and var place) counts[place]++;
        }
        // A line that is cut off by the end of what is looked at says nothing, unless it is the only one.
        if (lines.Count == 0) (lines, spaces) = ([counts], [space]);
        foreach (var (place, candidate) in Candidates.Index())
        {
            if (lines[0][place] > 0 && lines.All(l => l[place] == lines[0][place])) return candidate;
        }
        var most = lines[0].Max();
        // Spaces stand in words, too: they divide where nothing else does.
        if (most == 0 && spaces[0] > 0 && spaces.TrueForAll(s => s == spaces[0])) return ' ';
        return most == 0 ? ',' : Candidates[Array.LastIndexOf(lines[0], most)];
    }
}
