using Spectre.Console;

namespace PcNode.Output;

/// <summary>A column of a <see cref="FittingTable"/>.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="IsText">Whether it may be broken into lines, which a number may not.</param>
internal sealed record Column(string Heading, bool IsText = false);

/// <summary>A table that fits its terminal: of the columns that may be left out as many as there is room for,
/// and where the others have none, each row as lines of its own. No number is cut.</summary>
/// <param name="columns">The columns, the most important one first.</param>
internal sealed class FittingTable(params IReadOnlyList<Column> columns)
{
    private const int NarrowestText = 16;
    private const int Border = 1;
    private const int Padding = 3;

    private readonly List<string[]> _rows = [];

    /// <summary>How many columns there must be; all where nothing is said.</summary>
    public int Required { get; init; } = columns.Count;

    /// <summary>Adds a row, a text for each column.</summary>
    public void AddRow(params string[] texts) => _rows.Add(texts);

    /// <summary>Prints the table.</summary>
    public void Write(Terminal terminal)
    {
        var width = terminal.OutputWidth;
        var count = columns.Count;
        while (count > Required && WidthOf(count) > width) count--;
        if (WidthOf(count) > width) WriteRecords(terminal);
        else terminal.Results.Write(TableOf(count));
    }

    private int WidthOf(int count) => Border + columns.Take(count).Select((column, i) =>
    {
        var widest = _rows.Select(r => r[i].Length).Append(column.Heading.Length).Max();
        return Padding + (column.IsText ? Math.Min(widest, NarrowestText) : widest);
    }).Sum();

    private Table TableOf(int count)
    {
        var table = new Table().RoundedBorder();
        foreach (var column in columns.Take(count))
        {
            var shown = new TableColumn(new Text(column.Heading));
            table.AddColumn(column.IsText ? shown : shown.RightAligned().NoWrap());
        }
        foreach (var row in _rows) table.AddRow(row.Take(count).Select(text => new Text(text)));
        return table;
    }

    private void WriteRecords(Terminal terminal)
    {
        foreach (var row in _rows)
        {
            for (var i = 0; i < columns.Count; i++) terminal.Print($"{columns[i].Heading}: {row[i]}", 2);
            terminal.Print("");
        }
    }
}
