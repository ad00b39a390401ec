using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PcActors.Tests.Fuzzing;

/// <summary>Changes of text: its numbers, its fields, its lines.</summary>
internal static partial class TextEdits
{
    private static readonly string[] Telling =
    [
        "", ",", ",,", "\"", "\"\"", "'", "\n", "\r\n", "\r", "\r\r\n", ";", "\t", " ", "nan", "inf", "-inf", "1e999",
        "1e-999", "-0", "+", "-", ".", "1_000", "0x10", "1,5", "\uFEFF", "\0", "é", "真", "label", "class", "#", "()",
        "(", ")", "None", "True", "[1]", "L", "1L", "1e5", "1.0", "999999999999999999999999", "<f4", "|O", ">c16",
        "<U7", "|V3", "'descr'", "{", "}", "2147483647", "2147483648", "9223372036854775807", "-1", "0",
    ];

    /// <summary>A text with one change; every char is one byte of Latin-1.</summary>
    public static string Apply(string text, Edit edit)
    {
        switch (edit.Kind % 6)
        {
            case 0 or 1 when Number().Matches(text) is { Count: > 0 } numbers:
                var number = numbers[edit.Among(numbers.Count)];
                return Replaced(text, number.Index, number.Length, edit.Value.ToString(CultureInfo.InvariantCulture));
            case 2 when text.Length > 0:
                return text.Insert(edit.Among(text.Length), Word(edit));
            case 3 when Word().Matches(text) is { Count: > 0 } words:
                var word = words[edit.Among(words.Count)];
                return Replaced(text, word.Index, word.Length, Word(edit));
            case 4:
                var lines = text.Split('\n').ToList();
                lines.Insert(edit.Among(lines.Count), lines[edit.Among(lines.Count)]);
                return string.Join('\n', lines);
            default:
                var at = edit.Among(text.Length);
                return text[..at] + new string((char)(edit.Value & 0x7F), edit.Count * 8) + text[at..];
        }
    }

    private static string Word(Edit edit) => Encoding.Latin1.GetString(
        Encoding.UTF8.GetBytes(Telling[(int)((ulong)edit.Value % (ulong)Telling.Length)]));

    private static string Replaced(string text, int at, int length, string instead) =>
        text[..at] + instead + text[(at + length)..];

    [GeneratedRegex(@"-?\d+(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"[^\s,:{}]+")]
    private static partial Regex Word();
}
