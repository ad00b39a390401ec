using System.Numerics;

namespace PcActors.Data;

/// <summary>A data set in disjoint parts with the same sample shape and number of classes.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Test">What accuracy is measured on.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record DataSplit<T>(Dataset<T> Train, Dataset<T> Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What early stopping and the best weights go by; null for the test part.</summary>
    public Dataset<T>? Validation { get; init; }

    /// <summary>What was found in the files, and taken for what; null where that goes without saying.</summary>
    public string? Notice { get; init; }

    /// <summary>Where both parts stand in a file that has no test part of its own: the places of the test samples,
    /// ascending. Null where the file has one.</summary>
    public IReadOnlyList<int>? HeldOut { get; init; }

    /// <summary>All parts shifted and scaled so that the training part's features have mean 0 and variance 1. The
    /// others have no say in that.</summary>
    /// <param name="kind">All features together, or each by itself.</param>
    public DataSplit<T> Standardized(StandardizationKind kind = StandardizationKind.All) =>
        Standardized(Standardization.Of(Train, kind));

    /// <summary>All parts standardised by given numbers; themselves without.</summary>
    /// <exception cref="DataException">The samples have another number of features.</exception>
    public DataSplit<T> Standardized(Standardization? standardization) => standardization is null ? this : this with
    {
        Train = standardization.Apply(Train),
        Test = standardization.Apply(Test),
        Validation = Validation is { } validation ? standardization.Apply(validation) : null,
    };
}

/// <summary>The test set of data that come without one: a sixth of the samples, rounded up, chosen at random.</summary>
/// <remarks>
/// The choice is the same in every run. It does not follow the seed of training, so that accuracies under two seeds are
/// measured on the same samples, and a run resumed or repeated under another seed is never
/// tested on what it has learnt.
/// </remarks>
internal static class HoldOut
{
    /// <summary>One sample in so many is held out.</summary>
    public const int OneIn = 6;

    /// <summary>The seed of the choice.</summary>
    public const ulong Seed = 0;

    // Another one, or what is drawn would depend on what was drawn for the test set.
    private const ulong ValidationSeed = 1;

    /// <summary>Number of samples held out of <paramref name="count"/>: for example 300 of the digits' 1,797.</summary>
    public static int CountOf(int count) => (count / OneIn) + (count % OneIn > 0 ? 1 : 0);

    /// <summary>Splits a data set by the rule above.</summary>
    /// <exception cref="DataException">There are fewer than two samples.</exception>
    public static DataSplit<T> Split<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => data.Split(CountOf(data.Count), Seed);

    /// <summary>Sets a share of the samples to train on apart as a validation set, by a choice that is the same in
    /// every run.</summary>
    /// <exception cref="DataException">A part would be empty.</exception>
    public static (DataSplit<T> Split, Dataset<T> Validation) Validate<T>(DataSplit<T> split, double share)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = (int)Math.Round(share * split.Train.Count, MidpointRounding.AwayFromZero);
        var (train, validation) = split.Train.Split(Math.Max(count, 1), ValidationSeed);
        return (split with { Train = train, HeldOut = null }, validation);
    }
}
