using System.Numerics;
using System.Text.Json;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Which numbers standardise features.</summary>
public enum StandardizationKind
{
    /// <summary>None: features are taken as they are.</summary>
    None,

    /// <summary>One shift and one scale for all features together: a pixel that is always dark stays as dark as the
    /// others.</summary>
    All,

    /// <summary>A shift and a scale for each feature by itself: for columns of different units.</summary>
    Feature,
}

/// <summary>What is done to features before a network takes them: (x - mean) * scale, in double precision. It is a part
/// of the model: whoever predicts with it does the same. Immutable.</summary>
public sealed class Standardization
{
    private const double RoundingOfMean = 1e-10;

    private readonly double[] _mean;
    private readonly double[] _scale;

    /// <summary>Given numbers.</summary>
    /// <param name="kind">What they are: one pair for all features, or one for each.</param>
    /// <param name="mean">What is subtracted: one number, or one for each feature; finite.</param>
    /// <param name="scale">What is multiplied with then: as many numbers, finite and positive.</param>
    /// <param name="samples">From how many samples they are; 0 where they are from elsewhere.</param>
    /// <exception cref="ArgumentException">One of these does not hold.</exception>
    public Standardization(StandardizationKind kind, IReadOnlyList<double> mean, IReadOnlyList<double> scale,
        int samples)
    {
        if (kind == StandardizationKind.None || mean.Count != scale.Count || mean.Count == 0 || samples < 0
            || (kind == StandardizationKind.All && mean.Count != 1)
            || !mean.All(double.IsFinite) || !scale.All(s => s > 0 && double.IsFinite(s)))
            throw new ArgumentException(
                $"{mean.Count} means and {scale.Count} scales of the kind {kind} from {samples} samples are no "
                + "standardisation: as many finite means as positive, finite scales are needed");
        (Kind, Samples, _mean, _scale) = (kind, samples, [.. mean], [.. scale]);
    }

    /// <summary>What the numbers are.</summary>
    public StandardizationKind Kind { get; }

    /// <summary>What is subtracted: one number, or one for each feature, row-major.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>What is multiplied with then: the reciprocal of the standard deviation, 1 where that is 0.</summary>
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>The samples that the numbers are from; 0 where they are from elsewhere.</summary>
    public int Samples { get; }

    /// <summary>What the features are called in their file; null where they have no name.</summary>
    public string? FeaturesName { get; private init; }

    /// <summary>The same numbers for the features of a data set.</summary>
    /// <param name="featuresName">What they are called there; null where they have no name.</param>
    internal Standardization For(string? featuresName) =>
        new(Kind, _mean, _scale, Samples) { FeaturesName = featuresName };

    /// <summary>The numbers with which a data set's features have mean 0 and variance 1. Features that are all alike
    /// are only shifted.</summary>
    /// <param name="data">The samples to train on.</param>
    /// <param name="kind">All together, or each feature by itself.</param>
    /// <returns>Null for <see cref="StandardizationKind.None"/>.</returns>
    public static Standardization? Of<T>(Dataset<T> data, StandardizationKind kind = StandardizationKind.All)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == StandardizationKind.None) return null;
        var width = kind == StandardizationKind.All ? 1 : data.SampleShape.Length;
        var elements = data.Features.Span;
        var (mean, variance) = (new double[width], new double[width]);
        for (var (i, at) = (0, 0); i < elements.Length; i++, at = Next(at, width))
            mean[at] += double.CreateTruncating(elements[i]);
        var count = elements.Length / width;
        for (var i = 0; i < width; i++) mean[i] /= count;
        for (var (i, at) = (0, 0); i < elements.Length; i++, at = Next(at, width))
        {
            var difference = double.CreateTruncating(elements[i]) - mean[at];
            variance[at] += difference * difference;
        }
        var scale = new double[width];
        for (var i = 0; i < width; i++)
        {
            var deviation = Math.Sqrt(variance[i] / count);
            // A column that is all alike differs from its mean by the rounding of that mean.
            var least = kind == StandardizationKind.Feature ? RoundingOfMean * Math.Abs(mean[i]) : 0;
            scale[i] = deviation > least ? 1 / deviation : 1;
        }
        return new Standardization(kind, mean, scale, data.Count) { FeaturesName = data.FeaturesName };
    }

    /// <summary>A standardised copy of a data set.</summary>
    /// <exception cref="DataException">Its samples have another number of features.</exception>
    public Dataset<T> Apply<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_mean.Length > 1 && _mean.Length != data.SampleShape.Length)
            throw new DataException(data.Name, $"{data.SampleShape.Length} features a sample",
                $"what standardises them is for {_mean.Length}");
        return data.WithFeatures(Apply(data.Features));
    }

    /// <summary>A standardised copy of samples.</summary>
    /// <param name="samples">[N, ...], each of as many numbers as there are means, if there is more than one.</param>
    /// <exception cref="ShapeException">They have another number of features.</exception>
    public Tensor<T> Apply<T>(Tensor<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map(samples, (x, at) => (x - _mean[at]) * _scale[at]);

    /// <summary>The samples of which these are standardised ones: x / scale + mean.</summary>
    /// <exception cref="ShapeException">They have another number of features.</exception>
    public Tensor<T> Undo<T>(Tensor<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map(samples, (x, at) => (x / _scale[at]) + _mean[at]);

    /// <summary>The numbers as JSON, from which <see cref="Parse"/> makes the same ones.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Form(Kind.ToString(), _mean, _scale, Samples, FeaturesName));

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Standardization Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Form>(json) is { Kind: { } name, Mean: { } mean, Scale: { } scale } form
                && Enum.TryParse<StandardizationKind>(name, out var kind)
                ? new Standardization(kind, mean, scale, form.Samples) { FeaturesName = form.Features }
                : throw new FormatException("no standardisation is in it");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException($"no standardisation is in it: {e.Message}", e);
        }
    }

    /// <summary>For example <c>(x - 4.884) * 0.1662, one pair for all features, from 1497 samples</c>.</summary>
    public override string ToString() => FormattableString.Invariant(Kind == StandardizationKind.All
        ? (FormattableString)$"(x - {_mean[0]:G6}) * {_scale[0]:G6}, one pair for all features, {Origin}"
        : $"(x - mean) * scale, a pair for each of {_mean.Length} features, {Origin}");

    private string Origin => Samples == 0 ? "as given" : $"from {Samples} samples";

    private static int Next(int at, int width) => at + 1 == width ? 0 : at + 1;

    /// <summary>A copy of samples, each number mapped in double precision by that and the place of its mean.</summary>
    private Tensor<T> Map<T>(Tensor<T> samples, Func<double, int, double> map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireFit(samples.Shape);
        var mapped = new Tensor<T>(samples.Shape);
        var source = samples.Span;
        var target = mapped.Writable;
        var width = _mean.Length;
        for (var (i, at) = (0, 0); i < target.Length; i++, at = Next(at, width))
            target[i] = T.CreateTruncating(map(double.CreateTruncating(source[i]), at));
        return mapped;
    }

    private void RequireFit(Shape samples)
    {
        var width = samples.Rank == 0 || samples[0] == 0 ? 0 : samples.Length / samples[0];
        if (_mean.Length > 1 && width != _mean.Length)
            throw new ShapeException(
                $"samples of {width} features, {samples}, are no match for a standardisation of {_mean.Length}");
    }

    private sealed record Form(string? Kind, double[]? Mean, double[]? Scale, int Samples, string? Features = null);
}
