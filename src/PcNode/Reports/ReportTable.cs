using System.Globalization;
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
    public string ToCsv() =>
        string.Concat(_rows.Select(r => r.Exact).Prepend([.. columns]).Select(cells => $"{string.Join(',', cells)}\n"));

    /// <summary>A cell with a number of any size.</summary>
    public static (string, string?) Shown(double number) => number == 0 ? ("0", null)
        : double.IsFinite(number) ? ($"{number:0.0e+0}", Exact(number))
        : ("diverges", "");

    /// <summary>A cell with digits behind the point; empty for no number.</summary>
    public static (string, string?) Fixed(double? number, int digits) => number is { } n && double.IsFinite(n)
        ? (n.ToString($"F{digits}", CultureInfo.InvariantCulture), Exact(n))
        : ("", null);

    /// <summary>A cell with a whole number.</summary>
    public static (string, string?) Number(long number) =>
        ($"{number:#,0}", $"{number}");

    private static string Exact(double number) => $"{number:R}";
}
