using System.Numerics;

namespace PcActors.Data;

/// <summary>The test set of data that come without one: a sixth of the samples, rounded up, chosen at random.</summary>
/// <remarks>
/// The choice is the same in every run. It does not follow the seed of training, so that accuracies under two seeds are
/// measured on the same samples, and a run resumed or repeated under another seed is never tested on what it has learnt.
/// </remarks>
internal static class HoldOut
{
    /// <summary>One sample in so many is held out.</summary>
    public const int OneIn = 6;

    /// <summary>The seed of the choice.</summary>
    public const ulong Seed = 0;

    /// <summary>Number of samples held out of <paramref name="count"/>: for example 300 of the digits' 1,797.</summary>
    public static int CountOf(int count) => (count / OneIn) + (count % OneIn > 0 ? 1 : 0);

    /// <summary>Splits a data set by the rule above.</summary>
    /// <exception cref="DataException">There are fewer than two samples.</exception>
    public static DataSplit<T> Split<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => data.Split(CountOf(data.Count), Seed);
}
