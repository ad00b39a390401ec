using System.Globalization;

namespace PcActors.Data.Files;

/// <summary>Tells a header from a sample.</summary>
internal static class CsvHeaderRule
{
    // Fewer numbers that count up may well be a sample.
    private const int FewestCounted = 4;

    private static readonly string[] LabelNames = ["label", "labels", "class", "target"];

    private static readonly string[] MissingWords = ["", "na", "n/a", "nan", "null", "?"];

    /// <summary>Whether a column is called a label's.</summary>
    public static bool IsLabelName(string name) =>
        LabelNames.Contains(name.Trim('\'', ' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a field stands for a value that is not there.</summary>
    public static bool IsMissing(string field) => MissingWords.Contains(field, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a field is a number.</summary>
    public static bool IsNumber(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether the first line is a header.</summary>
    /// <param name="first">Its fields.</param>
    /// <param name="second">Those of the next one; null when there is none.</param>
    /// <param name="asked">What was asked for.</param>
    public static bool IsHeader(string[] first, string[]? second, CsvHeader asked)
    {
        if (asked != CsvHeader.Auto) return asked == CsvHeader.Yes;
        if (first.Any(IsLabelName)) return true;
        var words = Enumerable.Range(0, first.Length).Where(i => !IsNumber(first[i]) && !IsMissing(first[i])).ToList();
        if (words.Count == 0) return CountsColumns(first);
        bool IsNumberBelow(int column) => second is not null && column < second.Length && IsNumber(second[column]);
        if (words[^1] == first.Length - 1 && (second is null || IsNumberBelow(words[^1]))) return true;
        return words.Count == first.Length || (2 * words.Count >= first.Length && words.Any(IsNumberBelow));
    }

    /// <summary>Whether the fields are 0, 1, 2, ... or 1, 2, 3, ...: what tables without names are given as
    /// such.</summary>
    private static bool CountsColumns(string[] fields)
    {
        if (fields.Length < FewestCounted || fields[0] is not ("0" or "1")) return false;
        var start = fields[0][0] - '0';
        return fields.Index().All(f => f.Item == (f.Index + start).ToString(CultureInfo.InvariantCulture));
    }
}
