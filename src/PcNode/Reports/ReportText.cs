using System.Text;
using PcActors.Runs;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>A report as it is written: Markdown, with tables as CSV and figures as SVG beside it.</summary>
/// <param name="folder">Where it is.</param>
/// <param name="origin">The option that names the folder.</param>
internal sealed class ReportText(string folder, string origin)
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a paragraph.</summary>
    public void Paragraph(string text) => _text.AppendLine(text).AppendLine();

    /// <summary>Adds a table, and writes its numbers.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Table(string file, ReportTable table)
    {
        _text.AppendLine(table.ToMarkdown());
        Numbers(file, table);
    }

    /// <summary>Writes a table's numbers, and names the file.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Numbers(string file, ReportTable table)
    {
        Paragraph($"The numbers are in [{file}]({file}).");
        Save(file, table.ToCsv());
    }

    /// <summary>Adds a figure.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Figure(string file, string title, string svg)
    {
        Paragraph($"![{title}]({file})");
        Save(file, svg);
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    public void Save(string file) => Save(file, _text.ToString());

    private void Save(string file, string content) =>
        AtomicFile.Write(Path.Combine(folder, file), origin, stream => stream.Write(Encoding.UTF8.GetBytes(content)));
}
