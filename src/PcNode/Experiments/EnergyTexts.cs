using PcActors.Extensions;
using PcActors.Learning.Energies;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Energies as they are given: NAME=ENERGY, with values behind a colon, and commas between both values and
/// entries.</summary>
internal static class EnergyTexts
{
    /// <summary>The energies of vertices by name.</summary>
    /// <param name="pieces">What stands between commas.</param>
    /// <param name="origin">Where it stands, for messages.</param>
    /// <exception cref="UsageException">It is no such thing, or a value is out of its range.</exception>
    public static IReadOnlyList<(string Vertex, Energy Energy)> Read(IReadOnlyList<string> pieces, string origin)
    {
        var entries = Entries(pieces, origin);
        if (entries.GroupBy(e => e.Vertex).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"{origin}: '{twice.Key}' has two energies; give it one");
        return [.. entries.Select(e => (e.Vertex, Parse(e.Vertex, e.Text, origin)))];
    }

    /// <summary>The text of such a setting with keys as they are written down; the same text where they are.</summary>
    /// <exception cref="UsageException">It is no such thing.</exception>
    public static string Written(string text, string origin)
    {
        var entries = Entries(text.Split(',', StringSplitOptions.TrimEntries), origin);
        var written = entries.ConvertAll(e => (e.Vertex, Text: Catalogues.Energies.Written(e.Text)));
        return written.SequenceEqual(entries) ? text : string.Join(',', written.Select(e => $"{e.Vertex}={e.Text}"));
    }

    private static List<(string Vertex, string Text)> Entries(IReadOnlyList<string> pieces, string origin)
    {
        var entries = new List<(string Vertex, string Text)>();
        foreach (var piece in pieces)
        {
            if (Begin(piece) is { } begun) entries.Add(begun);
            else if (entries.Count > 0 && entries[^1].Text.Contains(':'))
                entries[^1] = (entries[^1].Vertex, $"{entries[^1].Text},{piece}");
            else throw Unknown(piece, origin);
        }
        return entries;
    }

    /// <summary>A piece that begins an entry: behind one of its signs of equality stands an energy's name.</summary>
    private static (string, string)? Begin(string piece)
    {
        for (var at = piece.IndexOf('='); at > 0; at = piece.IndexOf('=', at + 1))
        {
            var text = piece[(at + 1)..];
            if (Catalogues.Energies.Names.Contains(text.Split(':')[0])) return (piece[..at], text);
        }
        return null;
    }

    private static Energy Parse(string vertex, string text, string origin)
    {
        try
        {
            return Catalogues.Energies.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{origin}: the energy of '{vertex}': {e.Message}");
        }
    }

    private static UsageException Unknown(string piece, string origin)
    {
        var known = Catalogues.Energies.Names;
        var at = piece.IndexOf('=');
        return at < 1
            ? new UsageException($"{origin}: '{piece}' is not NAME=ENERGY, such as hidden1=gaussian:precision=2")
            : new UsageException(
                $"{origin}: unknown energy "
                + $"'{piece[(at + 1)..]}'{Suggestion.For(piece[(at + 1)..].Split(':')[0], known)}; "
                + $"known are {string.Join(", ", known)}");
    }
}
