using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>The samples of a table, as they are read line by line.</summary>
/// <param name="source">The file.</param>
/// <param name="columns">Which columns are what.</param>
internal sealed class CsvSamples<T>(string source, CsvColumns columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<T> _features = [];
    private readonly List<double> _numbers = [];
    private readonly List<string> _words = [];
    private readonly List<int> _lines = [];
    private readonly List<string> _shown = [];
    private int _count;

    /// <summary>Adds the line at hand.</summary>
    /// <exception cref="DataException">It does not fit.</exception>
    public void Add(CsvRows rows)
    {
        Begin(rows.Count, rows.Line);
        foreach (var column in columns.Features) _features.Add(Number(rows.Field(column), rows.Line, column));
        foreach (var column in columns.Targets) AddTarget(rows.Field(column).ToString(), rows.Line, column);
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="DataException">It does not fit.</exception>
    public void Add(string[] fields, int line)
    {
        Begin(fields.Length, line);
        foreach (var column in columns.Features) _features.Add(Number(fields[column], line, column));
        foreach (var column in columns.Targets) AddTarget(fields[column], line, column);
    }

    /// <summary>All of them.</summary>
    /// <exception cref="DataException">There are none.</exception>
    public FoundPart<T> End()
    {
        if (_count == 0)
            throw new DataException(source, "there is no line of numbers", "at least one sample is needed");
        var features = Tensor<T>.From(new Shape(_count, columns.Features.Length), CollectionsMarshal.AsSpan(_features));
        return new FoundPart<T>(source, features, Target())
        {
            Origins = new Dictionary<string, ArrayOrigin> { [Feed.Features] = OriginOf(columns.Features) },
        };
    }

    private FoundTarget? Target()
    {
        if (columns.Targets.Length == 0) return null;
        var shape = columns.Targets.Length == 1 ? new Shape(_count) : new Shape(_count, columns.Targets.Length);
        FoundTarget target = _words.Count > 0 ? new FoundWords(source, shape, [.. _words]) { At = AtElement }
            : new FoundNumbers(source, shape, Tensor<double>.From(shape, CollectionsMarshal.AsSpan(_numbers)))
            {
                At = AtElement,
            };
        return target with { Origin = OriginOf(columns.Targets) };
    }

    private ArrayOrigin OriginOf(int[] places) => new(source)
    {
        Lines = _lines,
        Columns = Array.ConvertAll(places, columns.Words),
    };

    private void Begin(int count, int line)
    {
        if (count != columns.Count)
            throw At(line, null, $"there are {count} columns",
                $"the first line{(columns.Names is null ? " of numbers" : "")} has {columns.Count}");
        if (_features.Count > Array.MaxLength - columns.Count)
            throw At(line, null, "there are more than 2^31 - 1 features", "that is the most that can be read");
        _count++;
        _lines.Add(line);
    }

    private void AddTarget(string field, int line, int column)
    {
        if (CsvHeaderRule.IsMissing(field)) throw Missing(field, line, column);
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            if (_words.Count > 0) throw Mixed(field, line, column, "a number", "words");
            _numbers.Add(double.IsFinite(number) ? number
                : throw At(line, column, $"'{Shown(field)}' is not finite or too large", "a finite number is needed"));
            // What is no class is shown as it stands there.
            _shown.Add(ClassLabels.TryFrom(number, out _) ? "" : Shown(field));
            return;
        }
        if (_numbers.Count > 0) throw Mixed(field, line, column, "no number", "numbers");
        if (columns.Targets.Length > 1)
            throw At(line, column, $"'{Shown(field)}' is not a number", "several columns are predicted as numbers");
        _words.Add(field);
    }

    private (string Source, string Found) AtElement(int element, string what)
    {
        var (sample, place) = Math.DivRem(element, columns.Targets.Length);
        return ($"{source}, line {_lines[sample]}, column {columns.Words(columns.Targets[place])}",
            $"'{_shown[element]}' is not a label");
    }

    private T Number(ReadOnlySpan<char> text, int line, int column)
    {
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return T.IsFinite(value)
                ? value
                : throw At(line, column, $"'{Shown(text.ToString())}' is not finite or too large",
                    "a finite number is needed");
        }
        var field = text.ToString();
        if (CsvHeaderRule.IsMissing(field)) throw Missing(field, line, column);
        throw At(line, column, $"'{Shown(field)}' is not a number",
            field.Contains(',', StringComparison.Ordinal) && CsvHeaderRule.IsNumber(field.Replace(',', '.'))
                ? "numbers have a decimal point"
                : "fields are numbers with a decimal point; a column of words can be passed over (--ignore)");
    }

    private DataException Missing(string field, int line, int column) =>
        At(line, column, $"'{Shown(field)}' is not a number: the value is missing",
            "fill it in, or leave the line out");

    private DataException Mixed(string field, int line, int column, string what, string others) =>
        At(line, column, $"'{Shown(field)}' is {what}, and the lines before have {others}",
            "labels are all numbers or all words");

    private DataException At(int line, int? column, string found, string wanted) =>
        new($"{source}, line {line}{(column is { } c ? $", column {columns.Words(c)}" : "")}", found, wanted);

    // A file that is no text at all may have fields of any length.
    private static string Shown(string field)
    {
        const int Longest = 24;
        return field.Length > Longest ? $"{field[..Longest]}..." : field;
    }
}
