namespace PcNode.Configuration;

/// <summary>Reads the HOCON of experiment files: sections, keys with dots, plain values,
/// texts in quotes, arrays of such, comments. What it does not know it refuses, with the line and the column. It reads
/// each character once. (Akka's parser, which takes whatever comes, does not come back from some files.)</summary>
internal sealed class HoconParser : HoconScanner
{
    private const int DeepestSection = 20;
    private const string Element = "an array's element";

    private int _depth;

    private HoconParser(HoconSource source)
        : base(source)
    {
    }

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
        var opening = At++;
        if (++_depth > DeepestSection)
            throw Source.Error(opening, $"sections within sections, {_depth} deep; {DeepestSection} are read");
        ReadEntries(section);
        if (IsAtEnd) throw Source.Error(opening, "'{' is never closed");
        if (Next != '}') throw Unclosed(opening);
        At++;
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
        var keyAt = At;
        var keys = ReadKey();
        var path = section.PathOf(string.Join('.', keys));
        SkipSpaces();
        if (Next == '+') throw Error($"{path}: '+=' is not read; write the whole list behind '='");
        var hasSign = Next is '=' or ':';
        if (hasSign) At++;
        var signEnd = At;
        SkipLines();
        if (Next is not ('{' or '['))
        {
            if (!hasSign)
                throw Source.Error(keyAt,
                    $"{HoconSource.Shown(path)}: this key has no value; '=' or '{{' is expected behind it");
            if (Text.AsSpan(signEnd, At - signEnd).Contains('\n') || IsAtEnd || IsClosing() || Next == ',')
                throw Source.Error(keyAt, $"{path}: this key has no value");
        }
        else if (!hasSign && Next == '[')
        {
            throw Error($"{path}: '=' is expected before '['");
        }
        foreach (var key in keys[..^1]) section = section.Open(key, keyAt, keyAt);
        if (Next == '{') ReadBraces(section.Open(keys[^1], keyAt, At));
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
                var start = At;
                while (!IsAtEnd && Next is not ('=' or ':' or '{' or '}' or ']' or ',' or '.' or '+' or '\n')
                    && !IsComment())
                {
                    if (Next == '"' && Text.AsSpan(start, At - start).Trim() is "include")
                        throw Source.Error(start, "a file cannot include another");
                    RequirePlain("a key");
                    At++;
                }
                var key = Text[start..At].Trim();
                keys.Add(key.Length > 0 ? key : throw Error($"{Found()} where a key is expected"));
            }
            SkipSpaces();
            if (Next != '.') return keys;
            if (keys.Count == DeepestSection) throw Error($"a key with more than {DeepestSection} parts");
            At++;
            SkipSpaces();
        }
    }

    private HoconArray ReadArray()
    {
        var opening = At++;
        var elements = new List<HoconText>();
        SkipLines();
        while (!IsAtEnd && !IsClosing())
        {
            elements.Add(ReadText(Element));
            RequireSeparator(Element);
        }
        if (IsAtEnd) throw Source.Error(opening, "'[' is never closed");
        if (Next != ']') throw Unclosed(opening);
        At++;
        return new HoconArray(opening, elements);
    }

    private HoconText ReadText(string role)
    {
        var start = At;
        if (Next == '"') return new HoconText(start, ReadQuoted());
        while (!IsAtEnd && Next is not (',' or '}' or ']' or '\n') && !IsComment())
        {
            if (role == Element && Next is ('{' or '[' or '=' or ':'))
                throw Error($"'{Next}' within an array; numbers and names, separated by commas, are accepted");
            RequirePlain(role);
            At++;
        }
        var text = Text[start..At].Trim();
        return text.Length > 0 ? new HoconText(start, text) : throw Error($"{Found()} where {role} is expected");
    }

    /// <summary>Between two entries or elements stands a comma, a new line, or both.</summary>
    private void RequireSeparator(string before)
    {
        var end = At;
        SkipLines();
        var isNewLine = Text.AsSpan(end, At - end).Contains('\n');
        if (Next == ',')
        {
            At++;
            SkipLines();
        }
        else if (!isNewLine && !IsAtEnd && !IsClosing())
        {
            throw Error(
                $"{HoconSource.Shown(before)}: {Found()} stands behind it; a comma or a new line is expected between");
        }
    }
}
