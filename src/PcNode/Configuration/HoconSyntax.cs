using System.Globalization;

namespace PcNode.Configuration;

/// <summary>Checks what Akka's HOCON parser does not: it reads on past a missing bracket, and does not come back from some
/// signs within an array or from a substitution that refers to itself. Nor does it take the comma behind a section.</summary>
internal static class HoconSyntax
{
    /// <summary>Refuses unbalanced brackets, open quotes, substitutions, and anything but plain values in arrays.</summary>
    /// <param name="file">What messages call it.</param>
    /// <param name="text">The file's text.</param>
    /// <returns>The text without commas behind sections.</returns>
    /// <exception cref="UsageException">The text is not balanced; the message names the line.</exception>
    public static string Check(string file, string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var accepted = text.ToCharArray();
        var line = 1;
        var isBehindSection = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\n':
                    line++;
                    break;
                case ',' when isBehindSection:
                    accepted[i] = ' ';
                    break;
                case '#':
                case '/' when i + 1 < text.Length && text[i + 1] == '/':
                    i = EndOfLine(text, i) - 1;
                    break;
                case '"':
                    i = EndOfText(file, text, i, line);
                    break;
                case '$':
                    throw Error(file, line, "'$' starts a substitution, which experiment files do not have");
                case '{' or '=' or ':' or '\\' when open.TryPeek(out var array) && array.Bracket == '[':
                    throw Error(file, line, $"'{text[i]}' within an array; numbers and names, separated by commas, are accepted");
                case '{' or '[':
                    open.Push((text[i], line));
                    break;
                case '}' or ']':
                    var closing = text[i];
                    if (!open.TryPop(out var opening)) throw Error(file, line, $"'{closing}' closes nothing");
                    if (opening.Bracket != (closing == '}' ? '{' : '['))
                        throw Error(file, line, Invariant($"'{closing}' cannot close the '{opening.Bracket}' of line {opening.Line}"));
                    break;
            }
            isBehindSection = text[i] == '}' || (isBehindSection && char.IsWhiteSpace(text[i]));
        }
        if (open.TryPop(out var last)) throw Error(file, last.Line, $"'{last.Bracket}' is never closed");
        return new string(accepted);
    }

    private static int EndOfLine(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }

    private static int EndOfText(string file, string text, int start, int line)
    {
        for (var i = start + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i;
        }
        throw Error(file, line, "a text in quotes is not closed on its line");
    }

    private static UsageException Error(string file, int line, string what) => new(Invariant($"{file}, line {line}: {what}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
