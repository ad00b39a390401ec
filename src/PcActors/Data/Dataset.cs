using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Labelled samples for classification. Immutable.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dataset<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _labels;

    /// <summary>A data set. The tensor is taken over, not copied: nobody may write to it any more.</summary>
    /// <param name="name">What messages call it, such as a file's path.</param>
    /// <param name="features">The samples, [N, ...sample shape], N at least 1; finite numbers.</param>
    /// <param name="labels">Their classes, N integers in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">Number of classes, at most <see cref="ClassLabels.MaxClassCount"/>.</param>
    /// <exception cref="DataException">One of these does not hold.</exception>
    public Dataset(string name, Tensor<T> features, ReadOnlySpan<int> labels, int classCount)
    {
        if (features.Shape.Rank == 0 || features.Length == 0)
            throw new DataException(name, $"the features have the shape {features.Shape}",
                "at least one sample with at least one element is needed");
        if (features.Shape[0] != labels.Length)
            throw new DataException(name, $"{features.Shape[0]} samples and {labels.Length} labels",
                "there must be one label a sample");
        if (classCount is < 1 or > ClassLabels.MaxClassCount)
            throw new DataException(name, $"{classCount} classes",
                $"the number of classes must lie in [1, {ClassLabels.MaxClassCount}]");
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classCount)
                throw new DataException(name, $"sample {i} has the label {labels[i]}",
                    $"labels must lie in [0, {classCount - 1}]");
        }
        RequireFinite(name, features);
        (Name, Features, ClassCount, _labels) = (name, features, classCount, labels.ToArray());
    }

    private Dataset(string name, Tensor<T> features, int[] labels, int classCount) =>
        (Name, Features, ClassCount, _labels) = (name, features, classCount, labels);

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The samples, [N, ...sample shape].</summary>
    public Tensor<T> Features { get; }

    /// <summary>The samples' classes, N of them.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Number of classes. A class may be without samples.</summary>
    public int ClassCount { get; }

    /// <summary>Number of samples, N.</summary>
    public int Count => _labels.Length;

    /// <summary>The shape of one sample.</summary>
    public Shape SampleShape => new(Features.Shape.Dimensions[1..]);

    /// <summary>The first samples: a view, no feature is copied.</summary>
    /// <exception cref="DataException">There are fewer, or none is asked for.</exception>
    public Dataset<T> Take(int count)
    {
        if (count < 1 || count > Count)
            throw new DataException(Name, $"{count} samples asked for", $"there are {Count}");
        return new Dataset<T>(Name, Features.Rows(0, count), _labels[..count], ClassCount);
    }

    /// <summary>Copies of the samples with the given numbers, in that order.</summary>
    /// <exception cref="DataException">There is no such sample, or none is asked for.</exception>
    public Dataset<T> Select(ReadOnlySpan<int> samples)
    {
        if (samples.IsEmpty) throw new DataException(Name, "0 samples asked for", "at least one is needed");
        var features = new Tensor<T>(Features.Shape.With(0, samples.Length));
        var labels = new int[samples.Length];
        var length = features.Length / samples.Length;
        for (var i = 0; i < samples.Length; i++)
        {
            if ((uint)samples[i] >= (uint)Count)
                throw new DataException(Name, $"sample {samples[i]} asked for", $"there are {Count}, counted from 0");
            Features.Span.Slice(samples[i] * length, length).CopyTo(features.Writable[(i * length)..]);
            labels[i] = _labels[samples[i]];
        }
        return new Dataset<T>(Name, features, labels, ClassCount);
    }

    /// <summary>Sets samples chosen at random apart as a test set. Both parts keep the samples' order.</summary>
    /// <param name="heldOut">How many, in [1, N - 1].</param>
    /// <param name="seed">Decides which ones.</param>
    /// <exception cref="DataException">A part would be empty.</exception>
    public DataSplit<T> Split(int heldOut, ulong seed)
    {
        if (heldOut < 1 || heldOut >= Count)
            throw new DataException(Name, $"{heldOut} of {Count} samples to be held out",
                "the training and the test set need at least one sample each");
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new SeededRandom(seed, "hold-out").Shuffle<int>(order);
        order.AsSpan(0, heldOut).Sort();
        order.AsSpan(heldOut).Sort();
        return new DataSplit<T>(Select(order.AsSpan(heldOut)), Select(order.AsSpan(0, heldOut)));
    }

    /// <summary>For example <c>digits: 1497 samples of shape [64], 10 classes</c>.</summary>
    public override string ToString() => $"{Name}: {Count} samples of shape {SampleShape}, {ClassCount} classes";

    private static void RequireFinite(string name, Tensor<T> features)
    {
        var elements = features.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            if (T.IsFinite(elements[i])) continue;
            var length = elements.Length / features.Shape[0];
            throw new DataException(
                name,
                string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"element {i % length} of sample {i / length} is {elements[i]}"),
                "features must be finite numbers");
        }
    }
}

/// <summary>A data file cannot be used. The message is one line: the file, what was found there,
/// what would be right.</summary>
/// <param name="source">The file or data set, with a line, column or key where that helps.</param>
/// <param name="found">What was found there.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class DataException(string source, string found, string? wanted = null)
    : Exception(OneLine(wanted is null ? $"{source}: {found}" : $"{source}: {found}; {wanted}"))
{
    // What is quoted from a damaged file may hold anything; a terminal should not see it.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
}
