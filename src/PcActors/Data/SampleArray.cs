using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>An array of a data set as a vertex takes it: one row a sample, of as many numbers as it has.</summary>
internal abstract class SampleArray<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes a sample's row.</summary>
    public abstract void Write(int sample, Span<T> row);

    /// <summary>The array of a name for rows of a length.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="name">One of <see cref="Feed.Arrays"/>, or an array that the data set has by name.</param>
    /// <param name="vertex">Who takes it, for messages.</param>
    /// <param name="shape">The shape that the vertex has, the batch's axis first.</param>
    /// <param name="length">How many numbers a sample the vertex takes.</param>
    /// <exception cref="DataException">There is no such array, or its rows have another shape.</exception>
    public static SampleArray<T> Of(Dataset<T> data, string name, string vertex, Shape shape, int length)
    {
        if (name == Feed.Zeros) return new ZeroRows();
        if (IsTarget(data, name) && data.ClassCount > 0) return OfLabels(data, vertex, length);
        var tensor = Find(data, name)
            ?? throw new DataException(data.Name, $"no array '{name}' for {vertex}",
                $"there are {string.Join(", ", Names(data))}");
        var (row, what) = (new Shape(tensor.Shape.Dimensions[1..]), WordsOf(name));
        if (row.Length != length)
            throw new DataException(data.Name,
                row.Length == 1 ? $"{what} of one number each" : $"{what} of shape {row}, {row.Length} numbers each",
                $"{vertex} takes {length}");
        RequireOrder(data, what, row, shape, vertex);
        return new Rows(tensor);
    }

    /// <summary>The array of a name that is numbers; null when there is none.</summary>
    public static Tensor<T>? Find(Dataset<T> data, string name) =>
        name == Feed.Features || name == data.FeaturesName ? data.Features
        : IsTarget(data, name) ? data.Targets
        : data.Arrays.GetValueOrDefault(name);

    /// <summary>Whether a name is that of what should be predicted.</summary>
    public static bool IsTarget(Dataset<T> data, string name) => name == Feed.Labels || name == data.TargetName;

    private static List<string> Names(Dataset<T> data) =>
    [
        Feed.Features, .. data.OutputCount > 0 ? [Feed.Labels] : Array.Empty<string>(), Feed.Zeros,
        .. new[] { data.FeaturesName, data.TargetName }.Concat(data.Arrays.Keys).OfType<string>().Distinct(),
    ];

    private static LabelRows OfLabels(Dataset<T> data, string vertex, int length) =>
        length == data.ClassCount || (length > data.ClassCount && length > 1)
            ? new LabelRows(data, TargetEncoding.OneHot, length)
        : length == 1 ? new LabelRows(data, TargetEncoding.ClassIndex, length)
        : throw new DataException(data.Name,
            $"labels of {ClassLabels.CountOf(data.ClassCount)}", $"{vertex} takes {length} numbers, and labels are "
            + $"{data.ClassCount} (one-hot) or 1");

    /// <summary>Refuses a row of as many axes as the vertex has, and in another order: the numbers would fit, and be
    /// scrambled.</summary>
    private static void RequireOrder(Dataset<T> data, string what, Shape found, Shape vertex, string words)
    {
        if (found.Rank < 2 || found.Rank != vertex.Rank - 1
            || found.Dimensions.SequenceEqual(vertex.Dimensions[1..])) return;
        var wanted = vertex.Dimensions[1..].ToArray();
        int[] first = [found[-1], .. found.Dimensions[..^1]];
        throw new DataException(data.Name, $"{what} of shape {found}",
            $"{words} takes [{string.Join(", ", wanted)}]; "
            + (first.SequenceEqual(wanted)
                ? "channels that come last are brought to the front by --layout NHWC"
                : "the axes are to be brought into that order first"));
    }

    private static string WordsOf(string name) => name switch
    {
        Feed.Features => "samples",
        Feed.Labels => "targets",
        _ => $"samples of '{name}'",
    };

    private sealed class Rows(Tensor<T> tensor) : SampleArray<T>
    {
        private readonly int _length = tensor.Length / tensor.Shape[0];

        public override void Write(int sample, Span<T> row) =>
            tensor.Span.Slice(sample * _length, _length).CopyTo(row);
    }

    private sealed class LabelRows(Dataset<T> data, TargetEncoding encoding, int length) : SampleArray<T>
    {
        public override void Write(int sample, Span<T> row) =>
            Targets.Write(encoding, data.Labels[sample], 0, length, row);
    }

    private sealed class ZeroRows : SampleArray<T>
    {
        public override void Write(int sample, Span<T> row) => row.Clear();
    }
}
