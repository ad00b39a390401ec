using System.Globalization;
using System.Text;

namespace PcNode.Configuration;

/// <summary>Reads the HOCON of experiment files: sections, keys with dots, plain values,
/// texts in quotes, arrays of such, comments. What it does not know it refuses, with the line and the column. It reads
/// each character once. (Akka's parser, which takes whatever comes, does not come back from some files.)</summary>
internal sealed class HoconParser
{
    private const int DeepestSection = 20;
    private const string Element = "an array's element";

    // What HOCON wants in quotes. (It has + among them, and then reads numbers with an exponent before anything else.)
    private const string Reserved = "$\"{}[]:=,#`^?!@*&\\";

    private readonly HoconSource _source;
    private readonly string _text;
    private int _at;
    private int _depth;

    private HoconParser(HoconSource source) => (_source, _text) = (source, source.Text);

    private bool IsAtEnd => _at == _text.Length;

    private char Next => IsAtEnd ? '\0' : _text[_at];

    /// <summary>Reads a text.</summary>
    /// <returns>The outermost section, whose braces may be left out.</returns>
    /// <exception cref="UsageException">It is not such a text.</exception>
    public static HoconSection Read(HoconSource source)
    {
        var parser = new HoconParser(source);
        var root = new HoconSection(source, 0, "");
        parser.SkipLines();
        if (parser.Next == '{') parser.ReadBraces(root);
        else parser.ReadEntries(root);
        parser.SkipLines();
        if (parser.IsAtEnd) return root;
        throw parser.Error(
            parser.IsClosing()
                ? $"'{parser.Next}' closes nothing"
                : $"{parser.Found()} stands behind the last section");
    }

    private void ReadBraces(HoconSection section)
    {
        var opening = _at++;
        if (++_depth > DeepestSection)
            throw _source.Error(opening, $"sections within sections, {_depth} deep; {DeepestSection} are read");
        ReadEntries(section);
        if (IsAtEnd) throw _source.Error(opening, "'{' is never closed");
        if (Next != '}') throw Unclosed(opening);
        _at++;
        _depth--;
    }

    private void ReadEntries(HoconSection section)
    {
        SkipLines();
        while (!IsAtEnd && !IsClosing())
        {
            var path = ReadEntry(section);
            RequireSeparator(path);
        }
    }

    /// <summary>Reads a key and its value, and says the whole key.</summary>
    private string ReadEntry(HoconSection section)
    {
        var keyAt = _at;
        var keys = ReadKey();
        var path = section.PathOf(string.Join('.', keys));
        SkipSpaces();
        if (Next == '+') throw Error($"{path}: '+=' is not read; write the whole list behind '='");
        var hasSign = Next is '=' or ':';
        if (hasSign) _at++;
        var signEnd = _at;
        SkipLines();
        if (Next is not ('{' or '['))
        {
            if (!hasSign)
                throw _source.Error(keyAt,
                    $"{HoconSource.Shown(path)}: this key has no value; '=' or '{{' is expected behind it");
            if (_text.AsSpan(signEnd, _at - signEnd).Contains('\n') || IsAtEnd || IsClosing() || Next == ',')
                throw _source.Error(keyAt, $"{path}: this key has no value");
        }
        else if (!hasSign && Next == '[')
        {
            throw Error($"{path}: '=' is expected before '['");
        }
        foreach (var key in keys[..^1]) section = section.Open(key, keyAt, keyAt);
        if (Next == '{') ReadBraces(section.Open(keys[^1], keyAt, _at));
        else section.Set(new HoconEntry(keys[^1], keyAt, Next == '[' ? ReadArray() : ReadText("the value")));
        return path;
    }

    private List<string> ReadKey()
    {
        var keys = new List<string>();
        while (true)
        {
            if (Next == '"')
            {
                keys.Add(ReadQuoted());
            }
            else
            {
                var start = _at;
                while (!IsAtEnd && Next is not ('=' or ':' or '{' or '}' or ']' or ',' or '.' or '+' or '\n')
                    && !IsComment())
                {
                    if (Next == '"' && _text.AsSpan(start, _at - start).Trim() is "include")
                        throw _source.Error(start, "a file cannot include another");
                    RequirePlain("a key");
                    _at++;
                }
                var key = _text[start.._at].Trim();
                keys.Add(key.Length > 0 ? key : throw Error($"{Found()} where a key is expected"));
            }
            SkipSpaces();
            if (Next != '.') return keys;
            if (keys.Count == DeepestSection) throw Error($"a key with more than {DeepestSection} parts");
            _at++;
            SkipSpaces();
        }
    }

    private HoconArray ReadArray()
    {
        var opening = _at++;
        var elements = new List<HoconText>();
        SkipLines();
        while (!IsAtEnd && !IsClosing())
        {
            elements.Add(ReadText(Element));
            RequireSeparator(Element);
        }
        if (IsAtEnd) throw _source.Error(opening, "'[' is never closed");
        if (Next != ']') throw Unclosed(opening);
        _at++;
        return new HoconArray(opening, elements);
    }

    private HoconText ReadText(string role)
    {
        var start = _at;
        if (Next == '"') return new HoconText(start, ReadQuoted());
        while (!IsAtEnd && Next is not (',' or '}' or ']' or '\n') && !IsComment())
        {
            if (role == Element && Next is ('{' or '[' or '=' or ':'))
                throw Error($"'{Next}' within an array; numbers and names, separated by commas, are accepted");
            RequirePlain(role);
            _at++;
        }
        var text = _text[start.._at].Trim();
        return text.Length > 0 ? new HoconText(start, text) : throw Error($"{Found()} where {role} is expected");
    }

    private string ReadQuoted()
    {
        var opening = _at++;
        var text = new StringBuilder();
        while (!IsAtEnd && Next is not ('"' or '\n'))
        {
            if (char.IsControl(Next) && Next != '\t')
                throw Error($"{Found()} within a text in quotes; write it as an escape such as \\u0007");
            text.Append(Next == '\\' ? ReadEscape() : _text[_at++]);
        }
        if (Next != '"') throw _source.Error(opening, "a text in quotes is not closed on its line");
        _at++;
        return text.ToString();
    }

    private char ReadEscape()
    {
        var start = _at;
        _at += 2;
        if (_at > _text.Length) throw _source.Error(start, "a text in quotes is not closed on its line");
        switch (_text[_at - 1])
        {
            case '"' or '\\' or '/':
                return _text[_at - 1];
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
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var unit)
                && unit > 0:
                _at += 4;
                return (char)unit;
            default:
                throw _source.Error(
                    start,
                    "'\\' within quotes begins one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0007; a backslash itself "
                    + "is \\\\");
        }
    }

    /// <summary>Between two entries or elements stands a comma, a new line, or both.</summary>
    private void RequireSeparator(string before)
    {
        var end = _at;
        SkipLines();
        var isNewLine = _text.AsSpan(end, _at - end).Contains('\n');
        if (Next == ',')
        {
            _at++;
            SkipLines();
        }
        else if (!isNewLine && !IsAtEnd && !IsClosing())
        {
            throw Error(
                $"{HoconSource.Shown(before)}: {Found()} stands behind it; a comma or a new line is expected between");
        }
    }

    private void RequirePlain(string role)
    {
        if (Next == '$') throw Error("'$' starts a substitution, which experiment files do not have");
        if (Reserved.Contains(Next, StringComparison.Ordinal) || (char.IsControl(Next) && !char.IsWhiteSpace(Next)))
            throw Error($"{Found()} within {role}; a text with such signs stands in quotes");
    }

    private void SkipLines()
    {
        while (!IsAtEnd)
        {
            SkipSpaces();
            if (Next != '\n') return;
            _at++;
        }
    }

    private void SkipSpaces()
    {
        while (!IsAtEnd && Next != '\n' && (char.IsWhiteSpace(Next) || Next == '\uFEFF')) _at++;
        if (!IsComment()) return;
        var end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private bool IsComment() => Next == '#' || (Next == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/');

    private bool IsClosing() => Next is '}' or ']';

    private string Found() =>
        IsAtEnd ? "the end of the file"
        : Next == '\n' ? "the end of the line"
        : char.IsControl(Next) || char.IsSurrogate(Next) ? $"the character U+{(int)Next:X4}"
        : $"'{Next}'";

    private UsageException Unclosed(int opening) =>
        Error($"'{Next}' cannot close the '{_text[opening]}' of line {1 + _text.AsSpan(0, opening).Count('\n')}");

    private UsageException Error(string what) => _source.Error(_at, what);
}
