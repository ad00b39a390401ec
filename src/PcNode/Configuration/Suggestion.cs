namespace PcNode.Configuration;

/// <summary>Guesses which of the known names was meant.</summary>
internal static class Suggestion
{
    // A line is to be read.
    private const int MostListed = 12;

    /// <summary>A sentence's end such as <c>; did you mean 'train'?</c>, or nothing when no name is near.</summary>
    public static string For(string found, IEnumerable<string> known) =>
        Nearest(found, known) is { } name ? $"; did you mean '{name}'?" : "";

    /// <summary>Names for a message, the first of them when there are many.</summary>
    public static string Listing(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostListed))
        + (names.Count > MostListed ? $" and {names.Count - MostListed} more" : "");

    /// <summary>The name at the smallest edit distance, if that is at most a third of its
    /// length (but 1 at least). Capitals are no distance, unless two names are as near.</summary>
    public static string? Nearest(string found, IEnumerable<string> known) => known
        .Where(name => Math.Abs(name.Length - found.Length) <= Furthest(name))
        .Select(name => (Name: name, Distance: Distance(found.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(n => n.Distance <= Furthest(n.Name))
        .OrderBy(n => n.Distance).ThenBy(n => Distance(found, n.Name))
        .Select(n => n.Name)
        .FirstOrDefault();

    private static int Furthest(string name) => Math.Max(1, name.Length / 3);

    /// <summary>How many insertions, deletions, replacements and swaps of neighbours turn
    /// one text into the other (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
