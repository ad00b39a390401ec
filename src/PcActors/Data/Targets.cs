using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Class labels as the tensor that a loss compares the prediction with.</summary>
internal static class Targets
{
    /// <summary>The shape of the target of <paramref name="count"/> samples.</summary>
    public static Shape ShapeOf(TargetEncoding encoding, int count, int classCount) =>
        encoding == TargetEncoding.OneHot ? new Shape(count, classCount) : new Shape(count);

    /// <summary>The target of some samples, in a new tensor.</summary>
    /// <param name="encoding">What the loss reads.</param>
    /// <param name="labels">The samples' labels, each in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">Number of classes.</param>
    public static Tensor<T> Encode<T>(TargetEncoding encoding, ReadOnlySpan<int> labels, int classCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var target = new Tensor<T>(ShapeOf(encoding, labels.Length, classCount));
        for (var i = 0; i < labels.Length; i++) Write(encoding, labels[i], i, classCount, target.Writable);
        return target;
    }

    /// <summary>Writes one sample's row of a target.</summary>
    internal static void Write<T>(TargetEncoding encoding, int label, int row, int classCount, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (encoding == TargetEncoding.ClassIndex)
        {
            target[row] = T.CreateTruncating(label);
            return;
        }
        var oneHot = target.Slice(row * classCount, classCount);
        oneHot.Clear();
        oneHot[label] = T.One;
    }
}

/// <summary>How class labels are given to a loss.</summary>
public enum TargetEncoding
{
    /// <summary>[N, C], 1 at the label and 0 elsewhere: for squared error.</summary>
    OneHot,

    /// <summary>[N], the label itself as a number: for softmax cross-entropy.</summary>
    ClassIndex,
}

/// <summary>What a class label may be.</summary>
internal static class ClassLabels
{
    /// <summary>The largest number of classes: more than that is a column of something
    /// else, or a damaged file.</summary>
    public const int MaxClassCount = 65_536;

    /// <summary>The label that a number stands for.</summary>
    /// <param name="value">A number as a file holds it; 3.0 is the label 3.</param>
    /// <param name="label">The label, in [0, <see cref="MaxClassCount"/>).</param>
    /// <returns>False when the number is not such an integer.</returns>
    internal static bool TryFrom(double value, out int label)
    {
        var valid = value is >= 0 and < MaxClassCount && double.IsInteger(value);
        label = valid ? (int)value : 0;
        return valid;
    }

    /// <summary>Classes' names as JSON, from which <see cref="ParseNames"/> makes the same ones.</summary>
    internal static string NamesToJson(IReadOnlyList<string> names) => JsonSerializer.Serialize(names);

    /// <summary>What <see cref="NamesToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static IReadOnlyList<string> ParseNames(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) is { Length: > 0 and <= MaxClassCount } names
                && names.All(name => name is not null) && names.Distinct(StringComparer.Ordinal).Count() == names.Length
                ? names : throw new FormatException("no names of classes are in it");
        }
        catch (JsonException e)
        {
            throw new FormatException($"no names of classes are in it: {e.Message}", e);
        }
    }

    /// <summary>A number of classes, for messages.</summary>
    internal static string CountOf(int classes) => classes == 1 ? "1 class" : $"{classes} classes";

    /// <summary>What a label must be, for messages.</summary>
    /// <param name="classes">How many classes there are; null where that is not known.</param>
    internal static string RuleFor(int? classes = null) =>
        $"labels must be integers in [0, {(classes ?? MaxClassCount) - 1}]";

    /// <summary>That a negative number is no sign for what does not count, and what to do, for messages.</summary>
    /// <param name="label">The number.</param>
    /// <param name="arePositions">Whether a sample has several.</param>
    internal static string NoIgnoring(double label, bool arePositions) =>
        string.Create(CultureInfo.InvariantCulture, $"{label} is not taken as \"ignore\": ") + (arePositions
            ? "all positions count, so samples that have such positions have to be left out, or cut; or the network "
                + "computes its loss itself (--loss output)"
            : "samples without a class have to be left out");
}
