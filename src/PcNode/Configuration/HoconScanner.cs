using System.Globalization;
using System.Text;

namespace PcNode.Configuration;

/// <summary>The characters of a HOCON text, in order: spaces, comments, texts in quotes, and what stands where it
/// may not.</summary>
/// <param name="source">The text.</param>
internal abstract class HoconScanner(HoconSource source)
{
    // What HOCON wants in quotes. (It has + among them, and then reads numbers with an exponent before anything else.)
    private const string Reserved = "$\"{}[]:=,#`^?!@*&\\";

    private protected HoconSource Source { get; } = source;

    private protected string Text { get; } = source.Text;

    private protected int At { get; set; }

    private protected bool IsAtEnd => At == Text.Length;

    private protected char Next => IsAtEnd ? '\0' : Text[At];

    private protected string ReadQuoted()
    {
        var opening = At++;
        var text = new StringBuilder();
        while (!IsAtEnd && Next is not ('"' or '\n'))
        {
            if (char.IsControl(Next) && Next != '\t')
                throw Error($"{Found()} within a text in quotes; write it as an escape such as \\u0007");
            text.Append(Next == '\\' ? ReadEscape() : Text[At++]);
        }
        if (Next != '"') throw Source.Error(opening, "a text in quotes is not closed on its line");
        At++;
        return text.ToString();
    }

    private char ReadEscape()
    {
        var start = At;
        At += 2;
        if (At > Text.Length) throw Source.Error(start, "a text in quotes is not closed on its line");
        switch (Text[At - 1])
        {
            case '"' or '\\' or '/':
                return Text[At - 1];
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when At + 4 <= Text.Length
                && ushort.TryParse(Text.AsSpan(At, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var unit)
                && unit > 0:
                At += 4;
                return (char)unit;
            default:
                throw Source.Error(
                    start,
                    "'\\' within quotes begins one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0007; a backslash itself "
                    + "is \\\\");
        }
    }

    private protected void RequirePlain(string role)
    {
        if (Next == '$') throw Error("'$' starts a substitution, which experiment files do not have");
        if (Reserved.Contains(Next, StringComparison.Ordinal) || (char.IsControl(Next) && !char.IsWhiteSpace(Next)))
            throw Error($"{Found()} within {role}; a text with such signs stands in quotes");
    }

    private protected void SkipLines()
    {
        while (!IsAtEnd)
        {
            SkipSpaces();
            if (Next != '\n') return;
            At++;
        }
    }

    private protected void SkipSpaces()
    {
        while (!IsAtEnd && Next != '\n' && (char.IsWhiteSpace(Next) || Next == '\uFEFF')) At++;
        if (!IsComment()) return;
        var end = Text.IndexOf('\n', At);
        At = end < 0 ? Text.Length : end;
    }

    private protected bool IsComment() => Next == '#' || (Next == '/' && At + 1 < Text.Length && Text[At + 1] == '/');

    private protected bool IsClosing() => Next is '}' or ']';

    private protected string Found() =>
        IsAtEnd ? "the end of the file"
        : Next == '\n' ? "the end of the line"
        : char.IsControl(Next) || char.IsSurrogate(Next) ? $"the character U+{(int)Next:X4}"
        : $"'{Next}'";

    private protected UsageException Unclosed(int opening) =>
        Error($"'{Next}' cannot close the '{Text[opening]}' of line {1 + Text.AsSpan(0, opening).Count('\n')}");

    private protected UsageException Error(string what) => Source.Error(At, what);
}
