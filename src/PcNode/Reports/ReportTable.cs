using System.Text;

namespace PcNode.Reports;

/// <summary>A table of a report, as Markdown and as CSV.</summary>
/// <param name="columns">The columns' names; the first one's cells are names, the others' are numbers.</param>
internal sealed class ReportTable(params IReadOnlyList<string> columns)
{
    private readonly List<(string[] Shown, string[] Exact)> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">For each column, what Markdown shows and what CSV has; null CSV for the same.</param>
    public void Add(params IReadOnlyList<(string Shown, string? Exact)> cells) =>
        _rows.Add(([.. cells.Select(c => c.Shown)], [.. cells.Select(c => c.Exact ?? c.Shown)]));

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Line(columns);
        text.Append("|---|").AppendLine(string.Concat(Enumerable.Repeat("---:|", columns.Count - 1)));
        foreach (var (shown, _) in _rows) Line(shown);
        return text.ToString();

        void Line(IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
    }

    /// <summary>The table as CSV (RFC 4180); no cell has a comma or a quotation mark.</summary>
    public string ToCsv() => string.Concat(_rows.Select(r => r.Exact).Prepend([.. columns]).Select(cells => $"{string.Join(',', cells)}\n"));
}
