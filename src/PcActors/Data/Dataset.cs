using System.Globalization;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Samples, and what should be predicted for them: a class, numbers, or nothing. Immutable.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dataset<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _labels = [];

    /// <summary>Samples with classes. The tensor is taken over, not copied: nobody may write to it any more.</summary>
    /// <param name="name">What messages call it, such as a file's path.</param>
    /// <param name="features">The samples, [N, ...sample shape], N at least 1; finite numbers.</param>
    /// <param name="labels">Their classes, N integers in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">Number of classes, at most <see cref="ClassLabels.MaxClassCount"/>.</param>
    /// <exception cref="DataException">One of these does not hold.</exception>
    public Dataset(string name, Tensor<T> features, ReadOnlySpan<int> labels, int classCount)
        : this(name, features)
    {
        RequireRows(labels.Length, $"{labels.Length} labels", "there must be one label a sample");
        if (classCount is < 1 or > ClassLabels.MaxClassCount)
            throw new DataException(name, $"{classCount} classes",
                $"the number of classes must lie in [1, {ClassLabels.MaxClassCount}]");
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classCount)
                throw new DataException(name, $"sample {i} has the label {labels[i]}",
                    $"labels must lie in [0, {classCount - 1}]");
        }
        (ClassCount, _labels) = (classCount, labels.ToArray());
    }

    /// <summary>Samples with numbers that should be predicted. The tensors are taken over, not copied.</summary>
    /// <param name="name">What messages call it, such as a file's path.</param>
    /// <param name="features">The samples, [N, ...sample shape], N at least 1; finite numbers.</param>
    /// <param name="targets">The numbers, [N, ...]; finite.</param>
    /// <exception cref="DataException">One of these does not hold.</exception>
    public Dataset(string name, Tensor<T> features, Tensor<T> targets)
        : this(name, features)
    {
        RequireRows(targets.Shape.Rank == 0 ? 0 : targets.Shape[0], $"targets of shape {targets.Shape}",
            "there must be a row for each sample");
        RequireFinite(new ArrayOrigin(name), targets, "targets");
        Targets = targets;
    }

    /// <summary>Samples alone. The tensor is taken over, not copied.</summary>
    /// <param name="name">What messages call it, such as a file's path.</param>
    /// <param name="features">The samples, [N, ...sample shape], N at least 1; finite numbers.</param>
    /// <exception cref="DataException">One of these does not hold.</exception>
    public Dataset(string name, Tensor<T> features)
    {
        if (features.Shape.Rank == 0 || features.Length == 0)
            throw new DataException(name, $"the features have the shape {features.Shape}",
                "at least one sample with at least one element is needed");
        RequireFinite(new ArrayOrigin(name), features, "features");
        (Name, Features) = (name, features);
    }

    private Dataset(Dataset<T> from, Tensor<T> features, int[] labels, Func<Tensor<T>, Tensor<T>> rows)
    {
        (Name, Features, _labels, ClassCount) = (from.Name, features, labels, from.ClassCount);
        (ClassNames, FeaturesName, TargetName) = (from.ClassNames, from.FeaturesName, from.TargetName);
        (IsOneHot, Origins, Places, FirstFrom) = (from.IsOneHot, from.Origins, from.Places, from.FirstFrom);
        Targets = from.Targets is { } targets ? rows(targets) : null;
        Arrays = from.Arrays.ToDictionary(a => a.Key, a => rows(a.Value), StringComparer.Ordinal);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The samples, [N, ...sample shape].</summary>
    public Tensor<T> Features { get; }

    /// <summary>The samples' classes, N of them; none where numbers should be predicted, or nothing.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Number of classes; 0 where there are no labels. A class may be without samples.</summary>
    public int ClassCount { get; }

    /// <summary>The classes' names, in their order; null where labels are numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether <see cref="Labels"/> were one-hot rows.</summary>
    internal bool IsOneHot { get; init; }

    /// <summary>The numbers that should be predicted, [N, ...]; null where there are none.</summary>
    public Tensor<T>? Targets { get; }

    /// <summary>Further arrays by name, [N, ...] each.</summary>
    public IReadOnlyDictionary<string, Tensor<T>> Arrays { get; init; } = new Dictionary<string, Tensor<T>>();

    /// <summary>What the features are called in their file; null where they have no name.</summary>
    public string? FeaturesName { get; init; }

    /// <summary>What the labels or targets are called in their file; null where they have no name.</summary>
    public string? TargetName { get; init; }

    /// <summary>Where arrays stand in files: <see cref="Feed.Features"/>, <see cref="Feed.Labels"/> and the further
    /// ones.</summary>
    internal IReadOnlyDictionary<string, ArrayOrigin> Origins { get; init; } = new Dictionary<string, ArrayOrigin>();

    /// <summary>By sample its number in the file; null where they are the same.</summary>
    internal int[]? Places { get; init; }

    /// <summary>Where the first sample, of any part, stands that has a label or one above it.</summary>
    internal Func<int, (string Source, string Found)?>? FirstFrom { get; init; }

    /// <summary>Number of samples, N.</summary>
    public int Count => Features.Shape[0];

    /// <summary>The shape of one sample.</summary>
    public Shape SampleShape => new(Features.Shape.Dimensions[1..]);

    /// <summary>Outputs that a network for these data has: classes, or numbers of a sample's target; 0 where there is
    /// nothing to predict.</summary>
    public int OutputCount => Targets is { } targets ? targets.Length / Count : ClassCount;

    /// <summary>The first samples: a view, no feature is copied.</summary>
    /// <exception cref="DataException">There are fewer, or none is asked for.</exception>
    public Dataset<T> Take(int count)
    {
        if (count < 1 || count > Count)
            throw new DataException(Name, $"{count} samples asked for", $"there are {Count}");
        return new Dataset<T>(this, Features.Rows(0, count), _labels.Length == 0 ? [] : _labels[..count],
            tensor => tensor.Rows(0, count));
    }

    /// <summary>Copies of the samples with the given numbers, in that order.</summary>
    /// <exception cref="DataException">There is no such sample, or none is asked for.</exception>
    public Dataset<T> Select(ReadOnlySpan<int> samples)
    {
        if (samples.IsEmpty) throw new DataException(Name, "0 samples asked for", "at least one is needed");
        foreach (var sample in samples)
        {
            if ((uint)sample >= (uint)Count)
                throw new DataException(Name, $"sample {sample} asked for", $"there are {Count}, counted from 0");
        }
        var chosen = samples.ToArray();
        return new Dataset<T>(this, RowsOf(Features, chosen),
            _labels.Length == 0 ? [] : Array.ConvertAll(chosen, sample => _labels[sample]),
            tensor => RowsOf(tensor, chosen))
        {
            Places = Array.ConvertAll(chosen, PlaceOf),
        };
    }

    /// <summary>The same data set with other features: of as many samples, finite.</summary>
    /// <exception cref="DataException">They are not.</exception>
    public Dataset<T> WithFeatures(Tensor<T> features)
    {
        if (features.Shape.Rank == 0 || features.Shape[0] != Count || features.Length == 0)
            throw new DataException(Name, $"{Count} samples before, and features of shape {features.Shape} for them",
                "there must be as many");
        RequireFinite(OriginOf(Feed.Features), features, "features", Places);
        return new Dataset<T>(this, features, _labels, tensor => tensor);
    }

    /// <summary>A sample's number in the file.</summary>
    internal int PlaceOf(int sample) => Places is { } places ? places[sample] : sample;

    /// <summary>Where an array stands: one of <see cref="Feed.Arrays"/>, or one that has a name.</summary>
    internal ArrayOrigin OriginOf(string array) => Origins.GetValueOrDefault(
        array == FeaturesName ? Feed.Features : array == TargetName ? Feed.Labels : array) ?? new ArrayOrigin(Name);

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
        return new DataSplit<T>(Select(order.AsSpan(heldOut)), Select(order.AsSpan(0, heldOut)))
        {
            HeldOut = order[..heldOut],
        };
    }

    /// <summary>For example <c>digits: 1497 samples of shape [64], 10 classes</c>.</summary>
    public override string ToString() =>
        $"{Name}: {Count} samples of shape {SampleShape}, "
        + (ClassCount > 0 ? ClassLabels.CountOf(ClassCount) : $"{OutputCount} numbers to predict");

    private static Tensor<T> RowsOf(Tensor<T> tensor, int[] samples)
    {
        var rows = new Tensor<T>(tensor.Shape.With(0, samples.Length));
        var length = rows.Length / samples.Length;
        for (var i = 0; i < samples.Length; i++)
            tensor.Span.Slice(samples[i] * length, length).CopyTo(rows.Writable[(i * length)..]);
        return rows;
    }

    private void RequireRows(int rows, string what, string wanted)
    {
        if (rows != Count) throw new DataException(Name, $"{Count} samples and {what}", wanted);
    }

    /// <summary>Refuses numbers that are not finite.</summary>
    internal static void RequireFinite(ArrayOrigin origin, Tensor<T> tensor, string what, int[]? places = null)
    {
        var elements = tensor.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            if (T.IsFinite(elements[i])) continue;
            var (sample, element) = Math.DivRem(i, elements.Length / tensor.Shape[0]);
            throw new DataException(
                origin.Source,
                $"{origin.ElementWords(element, "element")} of {origin.SampleWords(places?[sample] ?? sample)} is "
                + elements[i].ToString(null, CultureInfo.InvariantCulture),
                $"{what} must be finite numbers");
        }
    }
}
