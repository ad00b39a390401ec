using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>Separated values: a sample a line, its label in the last column, in the one that the header calls label,
/// class or target, or in those that are asked for.</summary>
/// <remarks>
/// Separators are commas, semicolons, tabs or bars, whichever divides the first lines. Numbers have a decimal point,
/// whatever the machine's language. Fields in double quotes may hold separators and line ends. Blank lines are passed
/// over.
/// </remarks>
internal static class CsvFile
{
    /// <summary>The samples, [N, columns - 1], and their labels.</summary>
    /// <exception cref="DataException">A field is not a finite number, a line is longer or
    /// shorter than the first, a label is not one, or there is no sample.</exception>
    public static (Tensor<T> Features, int[] Labels) Read<T>(DataInput input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var part = Read<T>(input, DatasetOptions.Default).Train;
        return (part.Features, TargetReading<T>.Of(
            [part.Target!], DatasetOptions.Default with { TargetKind = TargetKind.Classes }).Labels[0]);
    }

    /// <summary>The samples, and what should be predicted for them.</summary>
    /// <param name="input">The file.</param>
    /// <param name="options">Which columns are what.</param>
    /// <exception cref="DataException">A field is not a finite number, a line is longer or shorter than the first, a
    /// label is missing, there is no such column, or there is no sample.</exception>
    public static FoundData<T> Read<T>(DataInput input, DatasetOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var rows = new CsvRows(input);
        if (!rows.MoveNext())
            throw input.Error("there is no line of numbers", "at least one sample is needed");
        var first = rows.ToArray();
        var number = rows.Line;
        var second = rows.MoveNext() ? rows.ToArray() : null;
        var isHeader = CsvHeaderRule.IsHeader(first, second, options.Header);
        if (isHeader && second is not null && second.Length != first.Length)
            throw new DataException($"{input.Name}, line {rows.Line}",
                $"there are {second.Length} columns", $"the header has {first.Length}");
        var columns = CsvColumns.Of(input.Name, isHeader ? first : null, first.Length, second, options);
        var samples = new CsvSamples<T>(input.Name, columns);
        if (!isHeader) samples.Add(first, number);
        if (second is not null) samples.Add(second, rows.Line);
        while (second is not null && rows.MoveNext()) samples.Add(rows);
        return new FoundData<T>(input.Name, samples.End(), Test: null)
        {
            TargetName = options.NamedTarget,
            Notice = columns.Notice(rows.Separator, isHeader, options, input.Name),
        };
    }
}
