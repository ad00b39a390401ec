using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>Comma-separated numbers, a sample a line, its label in the last column.</summary>
/// <remarks>
/// Numbers have a decimal point, whatever the machine's language. The first line is a header
/// when its last field begins with a letter, an underscore or a quote and is no number. Blank lines are passed over.
/// </remarks>
internal static class CsvFile
{
    /// <summary>The samples, [N, columns - 1], and their labels.</summary>
    /// <exception cref="DataException">A field is not a finite number, a line is longer or
    /// shorter than the first, a label is not one, or there is no sample.</exception>
    public static (Tensor<T> Features, int[] Labels) Read<T>(DataInput input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var reader = new StreamReader(input.Stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true,
            bufferSize: 1 << 16, leaveOpen: true);
        var features = new List<T>();
        var labels = new List<int>();
        var columns = 0;
        var first = true;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (!first || !IsHeader(line)) ParseLine(input, line, number, ref columns, features, labels);
            first = false;
        }
        if (labels.Count == 0) throw input.Error("there is no line of numbers", "at least one sample is needed");
        var shape = new Shape(labels.Count, columns - 1);
        return (Tensor<T>.From(shape, CollectionsMarshal.AsSpan(features)), [.. labels]);
    }

    private static void ParseLine<T>(DataInput input, string line, int number, ref int columns, List<T> features,
        List<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fields = line.AsSpan().Count(',') + 1;
        if (columns == 0) columns = fields;
        if (columns == 1)
            throw At(input, number, 1, "there is one column", "at least one feature and, last, the label are needed");
        if (fields != columns)
            throw At(input, number, null, $"there are {fields} columns", $"the first line of numbers has {columns}");
        if (features.Count > Array.MaxLength - columns)
            throw At(input, number, null, "there are more than 2^31 - 1 features", "that is the most that can be read");
        var column = 0;
        foreach (var range in line.AsSpan().Split(','))
        {
            var field = line.AsSpan(range).Trim();
            if (++column < columns) features.Add(Number<T>(input, field, number, column));
            else if (ClassLabels.TryFrom(Number<double>(input, field, number, column), out var label))
                labels.Add(label);
            else throw At(input, number, column, $"'{Shown(field)}' is not a label", ClassLabels.Rule);
        }
    }

    private static T Number<T>(DataInput input, ReadOnlySpan<char> field, int line, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw At(input, line, column, $"'{Shown(field)}' is not a number",
                "fields are numbers with a decimal point, separated by commas");
        return T.IsFinite(value)
            ? value
            : throw At(input, line, column, $"'{Shown(field)}' is not finite or too large",
                "a finite number is needed");
    }

    private static bool IsHeader(string line)
    {
        var last = line.AsSpan(line.LastIndexOf(',') + 1).Trim();
        return !last.IsEmpty && (char.IsLetter(last[0]) || last[0] is '_' or '"' or '\'')
            && !double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    private static DataException At(DataInput input, int line, int? column, string found, string wanted) =>
        new($"{input.Name}, line {line}{(column is null ? "" : $", column {column}")}", found, wanted);

    // A file that is no text at all may have fields of any length.
    private static string Shown(ReadOnlySpan<char> field)
    {
        const int Longest = 24;
        return field.Length > Longest ? $"{field[..Longest]}..." : field.ToString();
    }
}
