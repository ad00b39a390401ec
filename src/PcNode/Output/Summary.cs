using Spectre.Console;

namespace PcNode.Output;

/// <summary>Names and values under one another: a table where somebody watches, else plain lines.</summary>
internal static class Summary
{
    /// <summary>Prints them; those with a null value are left out.</summary>
    public static void Write(Terminal terminal, params ReadOnlySpan<(string Name, string? Value)> rows)
    {
        var console = terminal.Results;
        var table = new Table().HideHeaders().RoundedBorder().AddColumn("").AddColumn("");
        var width = 0;
        foreach (var (name, _) in rows) width = Math.Max(width, name.Length);
        foreach (var (name, value) in rows)
        {
            if (value is null) continue;
            if (console.Profile.Out.IsTerminal) table.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(value));
            else terminal.Output.WriteLine($"{name.PadRight(width)}  {value}");
        }
        if (console.Profile.Out.IsTerminal) console.Write(table);
    }
}
