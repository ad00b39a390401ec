using Spectre.Console;

namespace PcNode.Output;

/// <summary>One of the things that a command tells.</summary>
/// <param name="Key">Its key in JSON; null where programs are not told.</param>
/// <param name="Name">Its name for people; null where they are not told.</param>
/// <param name="Value">What programs are told.</param>
/// <param name="Shown">What people are told; null for nothing.</param>
internal sealed record Fact(string? Key, string? Name, object? Value, string? Shown)
{
    /// <summary>For programs and people alike.</summary>
    public Fact(string key, string name, object? value)
        : this(key, name, value, value?.ToString())
    {
    }

    /// <summary>A count: for people with thousands apart.</summary>
    public Fact(string key, string name, long? count)
        : this(key, name, count, count is null ? null : $"{count:#,0}")
    {
    }

    /// <summary>For programs alone.</summary>
    public Fact(string key, object? value)
        : this(key, null, value, null)
    {
    }
}

/// <summary>What a command tells: a JSON line, or names and values under one another.</summary>
internal static class Facts
{
    /// <summary>Tells it.</summary>
    public static void Write(Terminal terminal, bool json, string kind, params IReadOnlyList<Fact> facts)
    {
        if (json)
            JsonLines.Write(terminal.Output,
                [("event", kind), .. facts.Where(f => f.Key is not null).Select(f => (f.Key!, f.Value))]);
        else
            WriteSummary(terminal, [.. facts.Where(f => f.Name is not null)]);
    }

    /// <summary>A table where somebody watches, else plain lines.</summary>
    private static void WriteSummary(Terminal terminal, IReadOnlyList<Fact> rows)
    {
        var (console, width) = (terminal.Results, rows.Max(r => r.Name!.Length));
        if (!console.Profile.Out.IsTerminal)
        {
            foreach (var row in rows.Where(r => r.Shown is not null))
                terminal.Output.WriteLine($"{row.Name!.PadRight(width)}  {row.Shown}");
            return;
        }
        var table = new Table().HideHeaders().RoundedBorder().AddColumn("").AddColumn("");
        foreach (var row in rows.Where(r => r.Shown is not null))
            table.AddRow(new Text(row.Name!, new Style(decoration: Decoration.Dim)), new Text(row.Shown!));
        console.Write(table);
    }
}
