using System.Text;

namespace PcNode.Output;

/// <summary>Text that is set for a width: words are not cut, and no line is longer.</summary>
internal sealed class TextPage(int width)
{
    /// <summary>A space at which no line is broken.</summary>
    public const char HardSpace = '\0';

    private const int Gap = 2;
    private const int WidestNames = 34;

    private readonly StringBuilder _text = new();

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Lines of a text: broken at spaces, and within a word only where it is longer than a line.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        width = Math.Max(1, width);
        while (text.Length > width)
        {
            var at = text.LastIndexOf(' ', width);
            yield return text[..(at > 0 ? at : width)].TrimEnd();
            text = text[(at > 0 ? at + 1 : width)..].TrimStart();
        }
        yield return text;
    }

    /// <summary>A paragraph.</summary>
    public void Write(string text, int indent = 0, int further = 0, string end = "")
    {
        var first = Lines(new string(HardSpace, indent) + text, width - end.Length).First();
        var rest = text[(first.Length - indent)..].TrimStart();
        var lines = rest.Length == 0 ? [] : Lines(rest, width - further - end.Length).ToList();
        _text.Append(first.Replace(HardSpace, ' ')).AppendLine(lines.Count > 0 ? end : "");
        for (var i = 0; i < lines.Count; i++)
            _text.Append(' ', further).Append(lines[i].Replace(HardSpace, ' '))
                .AppendLine(i < lines.Count - 1 ? end : "");
    }

    /// <summary>A heading.</summary>
    public void Section(string heading) => _text.AppendLine().Append(heading).AppendLine(":");

    /// <summary>Names, and what each is: side by side where there is room.</summary>
    public void Section(string heading, IEnumerable<(string Name, string Text)> rows)
    {
        Section(heading);
        var all = rows.ToList();
        var names = Math.Min(all.Max(r => r.Name.Length), WidestNames);
        var column = Gap + names + Gap;
        if (width < 2 * column) column = 3 * Gap;
        foreach (var (name, text) in all)
        {
            if (Gap + name.Length + Gap > column)
            {
                Write(name, Gap, 2 * Gap);
                Write(text, column, column);
            }
            else
            {
                Write($"{name.PadRight(column - Gap).Replace(' ', HardSpace)}{text}", Gap, column);
            }
        }
    }

    /// <summary>A command line, and behind two spaces perhaps a remark, which stands above it
    /// where there is no room.</summary>
    public void Example(string example)
    {
        if (Gap + example.Length <= width)
        {
            Write(example, Gap);
            return;
        }
        var parts = example.Split("  ", 2, StringSplitOptions.TrimEntries);
        if (parts.Length > 1) Write($"# {parts[1]}", Gap, 2 * Gap);
        Write(parts[0], Gap, 3 * Gap, " \\");
    }
}
