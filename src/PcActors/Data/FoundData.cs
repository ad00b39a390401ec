using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>One part of a data set as a reader finds it.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Features">[N, ...sample shape].</param>
/// <param name="Target">What should be predicted; null where that is not read.</param>
internal sealed record FoundPart<T>(string Name, Tensor<T> Features, FoundTarget? Target)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Further arrays that were asked for, [N, ...] each.</summary>
    public IReadOnlyDictionary<string, Tensor<T>> Arrays { get; init; } = new Dictionary<string, Tensor<T>>();

    /// <summary>Where arrays stand: <see cref="Feed.Features"/>, <see cref="Feed.Labels"/> and further ones, those
    /// that have more to say than the part's name.</summary>
    public IReadOnlyDictionary<string, ArrayOrigin> Origins { get; init; } = new Dictionary<string, ArrayOrigin>();

    /// <summary>Where an array stands.</summary>
    public ArrayOrigin OriginOf(string array) => Origins.GetValueOrDefault(array)
        ?? (array == Feed.Labels && Target is not null ? Target.Origin : new ArrayOrigin(Name));
}

/// <summary>What a reader finds: samples to train on and, where the files have them, to validate and test on.</summary>
/// <param name="Name">The file or folder, the name of the data set.</param>
/// <param name="Train">The samples to train on.</param>
/// <param name="Test">The samples to test on, if there are any apart.</param>
internal sealed record FoundData<T>(string Name, FoundPart<T> Train, FoundPart<T>? Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The samples to validate on, if there are any apart.</summary>
    public FoundPart<T>? Validation { get; init; }

    /// <summary>What the features are called in their file.</summary>
    public string? FeaturesName { get; init; }

    /// <summary>What the target is called in its file.</summary>
    public string? TargetName { get; init; }

    /// <summary>What was found, and taken for what, in a sentence; null where that goes without saying.</summary>
    public string? Notice { get; init; }

    private List<FoundPart<T>> Parts => [Train, .. new[] { Validation, Test }.OfType<FoundPart<T>>()];

    /// <summary>The finished data set: classes counted over all parts, and parts held out where there are
    /// none.</summary>
    /// <param name="options">What is read.</param>
    /// <exception cref="DataException">The parts' samples differ in shape, every label to train on is the same, a
    /// feature is not finite, the target is not what may be learnt, or there are too few samples.</exception>
    public DataSplit<T> ToSplit(DatasetOptions? options = null)
    {
        options ??= DatasetOptions.Default;
        foreach (var part in Parts) RequireShape(part);
        var reading = Train.Target is null ? null : TargetReading<T>.Of(
            [.. Parts.Select(p => p.Target!)], options);
        var sets = Parts.Select((part, place) => DatasetOf(part, place, Parts.Count == 1 ? Name : part.Name, reading))
            .ToList();
        var train = sets[0];
        var validation = Validation is null ? null : sets[1];
        // Of one sample nothing can be held out: it is both parts.
        var split = Test is not null ? new DataSplit<T>(train, sets[^1])
            : options.IsForUse && train.Count == 1 ? new DataSplit<T>(train, train)
            : HoldOut.Split(train);
        if (validation is null && options.Validation is { } share)
            (split, validation) = HoldOut.Validate(split, share);
        if (reading is { ClassCount: > 0 }) RequireClasses(split.Train, options);
        var target = reading is null || Notice is null ? "" : $"; {reading}";
        return split with { Validation = validation, Notice = Notice is null ? null : $"{Notice}{target}" };
    }

    private Dataset<T> DatasetOf(FoundPart<T> part, int place, string name, TargetReading<T>? reading)
    {
        var origins = new[] { Feed.Features, Feed.Labels }.Concat(part.Arrays.Keys)
            .ToDictionary(array => array, part.OriginOf, StringComparer.Ordinal);
        return reading is null ? new Dataset<T>(name, part.Features)
        {
            Arrays = part.Arrays,
            FeaturesName = FeaturesName,
            Origins = origins,
        }
        : reading.ClassCount > 0 ? new Dataset<T>(name, part.Features, reading.Labels[place], reading.ClassCount)
        {
            Arrays = part.Arrays,
            FeaturesName = FeaturesName,
            TargetName = TargetName,
            ClassNames = reading.ClassNames,
            IsOneHot = reading.IsOneHot,
            Origins = origins,
            FirstFrom = label => FirstFrom(label, reading),
        }
        : new Dataset<T>(name, part.Features, reading.Numbers[place])
        {
            Arrays = part.Arrays,
            FeaturesName = FeaturesName,
            TargetName = TargetName,
            Origins = origins,
        };
    }

    /// <summary>Where the first label is, in any part, that is one or above; null when there is none.</summary>
    private (string Source, string Found)? FirstFrom(int label, TargetReading<T> reading)
    {
        foreach (var (part, labels) in Parts.Zip(reading.Labels))
        {
            var sample = Array.FindIndex(labels, l => l >= label);
            if (sample < 0) continue;
            var found = reading.ClassNames is { } names ? $"'{names[labels[sample]]}'" : $"{labels[sample]}";
            var origin = part.OriginOf(Feed.Labels);
            return (origin.Source, $"{origin.SampleWords(sample)} has the label {found}");
        }
        return null;
    }

    private void RequireShape(FoundPart<T> part)
    {
        if (!part.Features.Shape.Dimensions[1..].SequenceEqual(Train.Features.Shape.Dimensions[1..]))
            throw new DataException(part.Name,
                $"features of shape {part.Features.Shape} beside {Train.Features.Shape} to train on",
                "samples must have one shape");
        foreach (var (name, array) in part.Arrays)
        {
            if (!array.Shape.Dimensions[1..].SequenceEqual(Train.Arrays[name].Shape.Dimensions[1..]))
                throw new DataException(part.Name,
                    $"the array {name} of shape {array.Shape} beside {Train.Arrays[name].Shape} to train on",
                    "samples must have one shape");
        }
    }

    private void RequireClasses(Dataset<T> train, DatasetOptions options)
    {
        if (options.IsForUse || options.Reading != TargetKind.Classes
            || train.Labels.ContainsAnyExcept(train.Labels[0])) return;
        throw new DataException(Name, $"every sample to train on has the label {train.Labels[0]}",
            "at least two classes are needed");
    }
}
