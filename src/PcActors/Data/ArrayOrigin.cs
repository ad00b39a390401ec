using System.Globalization;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Where an array of a data set stands in files, for messages.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">What the array is called in it; null where it has no name.</param>
internal sealed record ArrayOrigin(string File, string? Name = null)
{
    /// <summary>Of a table, the line of each sample; empty for other files.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>Of a table, the column of each of a sample's elements, in words.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Where channels come last in the file, and have been brought to the front: how many there are, and how
    /// many elements each has.</summary>
    public (int Channels, int Pixels)? ChannelsLast { get; init; }

    /// <summary>The file, and the array where it has a name.</summary>
    public string Source => Name is null ? File : $"{File}, array {Name}";

    /// <summary>A sample, in words.</summary>
    /// <param name="sample">Its number in the file, from 0.</param>
    public string SampleWords(int sample) =>
        Lines.Count == 0 ? Words($"sample {sample}") : Words($"line {Lines[sample]}");

    /// <summary>One of a sample's elements, in words.</summary>
    /// <param name="element">Its number, from 0, as a network takes them.</param>
    /// <param name="what">What it is.</param>
    public string ElementWords(int element, string what) =>
        Columns.Count > 0 ? $"column {Columns[element]}" : Words($"{what} {ElementInFile(element)}");

    /// <summary>An element of an array, in words: a sample's, where samples are more than a number.</summary>
    /// <param name="shape">The array's shape, samples first.</param>
    /// <param name="element">Its number, from 0.</param>
    /// <param name="what">What it is.</param>
    public static string WordsOf(Shape shape, int element, string what = "element")
    {
        if (shape.Rank < 2) return Words($"{what} {element}");
        var width = shape.Length / shape[0];
        return Words($"{what} {element % width} of sample {element / width}");
    }

    private int ElementInFile(int element) => ChannelsLast is var (channels, pixels)
        ? Layouts.BeforeChannelsFirst(element, channels, pixels) : element;

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
