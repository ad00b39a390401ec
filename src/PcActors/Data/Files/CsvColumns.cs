using System.Globalization;

namespace PcActors.Data.Files;

/// <summary>Which columns of a table are features, and which are to be predicted.</summary>
/// <param name="Names">Their names; null without a header.</param>
/// <param name="Count">Columns a line.</param>
/// <param name="Targets">Those to be predicted, from 0.</param>
/// <param name="Features">Those that are features, from 0.</param>
internal sealed record CsvColumns(string[]? Names, int Count, int[] Targets, int[] Features)
{
    private string Passed { get; init; } = "";

    /// <summary>A column for a person.</summary>
    public string Words(int column) => Names is null ? $"{column + 1}" : $"{column + 1} '{Names[column]}'";

    /// <summary>The columns that are asked for.</summary>
    /// <exception cref="DataException">There is no such column, or none is left to be a feature.</exception>
    public static CsvColumns Of(string source, string[]? names, int count, string[]? second, DatasetOptions options)
    {
        var ignored = options.Ignored.SelectMany(n => Find(source, names, count, n)).ToHashSet();
        var isIndex = names is { Length: > 1 } && (names[0].Length == 0 || names[0].StartsWith("Unnamed: 0",
            StringComparison.Ordinal)) && second is not null && second[0] is "0" or "1";
        if (isIndex) ignored.Add(0);
        var labels = options.NamedTarget is { } named
            ? named.Split(',', StringSplitOptions.TrimEntries).SelectMany(n => Find(source, names, count, n)).Distinct()
            : Usual(source, names, count, ignored, options.NeedsTarget);
        int[] targets = [.. labels];
        if (targets.FirstOrDefault(ignored.Contains, -1) is >= 0 and var both)
            throw new DataException(source, $"column {both + 1} is to be predicted, and to be passed over",
                "it is one of the two");
        int[] features = [.. Enumerable.Range(0, count).Where(c => !ignored.Contains(c) && !targets.Contains(c))];
        var columns = new CsvColumns(names, count, options.NeedsTarget ? targets : [], features);
        if (features.Length == 0)
            throw new DataException($"{source}, line 1, column 1",
                count == 1 ? "there is one column" : "no column is left that is a feature",
                "at least one feature and, last, the label are needed");
        return columns with { Passed = string.Join(", ", ignored.Order().Select(columns.Words)) };
    }

    /// <summary>What was taken for what, in a sentence.</summary>
    public string Notice(char separator, bool isHeader, DatasetOptions options, string source)
    {
        var asked = options.Header;
        var header = isHeader
            ? Names!.All(CsvHeaderRule.IsNumber) && asked == CsvHeader.Auto
                ? "the first line is a header, since it counts the columns (--header no: a sample)"
                : "the first line is a header"
            : asked == CsvHeader.Auto ? "no header (--header yes: the first line is one)" : "no header";
        var words = separator switch
        {
            '\t' => "tabs",
            ';' => "semicolons",
            '|' => "bars",
            ' ' => "spaces",
            _ => "commas",
        };
        var passed = Passed.Length > 0 ? $"; column {Passed} is passed over" : "";
        var target = Targets.Length > 0
            ? $"the target is column {string.Join(", ", Targets.Select(Words))}" : "no target";
        return $"{source}: separated by {words}; {header}; "
            + string.Join("; ", [$"{Features.Length} features{passed}", .. options.HeldOut, target]);
    }

    private static List<int> Usual(
        string source, string[]? names, int count, HashSet<int> ignored, bool isNeeded)
    {
        var found = (names ?? []).Index().Where(n => CsvHeaderRule.IsLabelName(n.Item)).Select(n => n.Index).ToList();
        if (found.Count > 1)
            throw new DataException($"{source}, line 1",
                $"columns {string.Join(" and ", found.Select(c => c + 1))} are both called a label's",
                "one of them may be called label, class or target; or name the target's column");
        if (found.Count == 1) return found;
        return isNeeded ? [Enumerable.Range(0, count).Last(c => !ignored.Contains(c) || ignored.Count >= count)] : [];
    }

    private static List<int> Find(string source, string[]? names, int count, string name)
    {
        var places = (names ?? []).Index().ToList();
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            var found = places.Where(n => n.Item.Equals(name, comparison)).Select(n => n.Index).ToList();
            if (found.Count == 1) return found;
            if (found.Count > 1)
                throw new DataException($"{source}, line 1", $"{found.Count} columns are called '{name}'",
                    $"give the number of one: {string.Join(" or ", found.Select(c => c + 1))}");
        }
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= count) return [number - 1];
        const int Most = 12;
        var all = names is null ? $"it has no header, and the columns 1 to {count}"
            : "its columns are " + string.Join(", ", names.Take(Most).Select(n => $"'{n}'"))
                + (count > Most ? $" and {count - Most} more" : "");
        throw new DataException(source, $"it has no column '{name}'", all);
    }
}
