using System.Text.RegularExpressions;

namespace PcActors.Onnx.Learning;

/// <summary>A name, or many: * stands for any letters and ? for one. A name that is there as it is written is that
/// name, even if it has such signs in it.</summary>
public static class NamePattern
{
    /// <summary>The names that a pattern means.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="names">The names that are there.</param>
    /// <returns>Those that it means, in their order; none when there is no such one.</returns>
    public static IReadOnlyList<string> Matches(string pattern, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Contains(pattern)) return [pattern];
        if (!pattern.Contains('*', StringComparison.Ordinal) && !pattern.Contains('?', StringComparison.Ordinal))
            return [];
        var expression = Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)
            .Replace("\\?", ".", StringComparison.Ordinal);
        var regex = new Regex($"^{expression}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
            | RegexOptions.Singleline);
        return [.. all.Where(name => regex.IsMatch(name))];
    }
}
