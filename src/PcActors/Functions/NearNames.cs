namespace PcActors.Functions;

/// <summary>Names that are similar to one that is not there.</summary>
internal static class NearNames
{
    private const int Most = 5;
    private const int Common = 4;
    private const int LettersASlip = 6;

    /// <summary>The names that share the longest part with a name, at least four letters, or all letters in another
    /// order, or that are a slip or two of the pen away; the nearest first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">The names that are there.</param>
    /// <returns>Five at most; none when none is similar.</returns>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known) =>
    [
        .. known.Select(k => (Name: k, Shared: LongestShared(name, k)))
            .Where(k => k.Shared >= Common || k.Shared == Math.Min(k.Name.Length, name.Length)
                || Letters(k.Name).SequenceEqual(Letters(name))
                || Slips(name, k.Name) <= 1 + (name.Length / LettersASlip))
            .OrderByDescending(k => k.Shared).ThenBy(k => Math.Abs(k.Name.Length - name.Length))
            .ThenBy(k => k.Name, StringComparer.Ordinal).Take(Most).Select(k => k.Name),
    ];

    private static IEnumerable<char> Letters(string name) => name.ToUpperInvariant().Order();

    /// <summary>The length of the longest run of letters that both hold, whatever their case.</summary>
    private static int LongestShared(string a, string b)
    {
        var (longest, row) = (0, new int[b.Length + 1]);
        foreach (var letter in a)
        {
            for (var j = b.Length; j > 0; j--)
            {
                row[j] = char.ToUpperInvariant(letter) == char.ToUpperInvariant(b[j - 1]) ? row[j - 1] + 1 : 0;
                longest = Math.Max(longest, row[j]);
            }
        }
        return longest;
    }

    /// <summary>Letters changed, left out or put in between one name and the other (Levenshtein).</summary>
    private static int Slips(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (row[j], diagonal) = (Math.Min(diagonal + change, 1 + Math.Min(row[j], row[j - 1])), row[j]);
            }
        }
        return row[^1];
    }
}
