using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>A data set in two disjoint parts with the same sample shape and number of classes.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Test">What accuracy is measured on.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record DataSplit<T>(Dataset<T> Train, Dataset<T> Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Both parts shifted and scaled so that the training part's elements, all together, have
    /// mean 0 and variance 1.</summary>
    /// <remarks>One shift and one scale for all elements: a pixel that is always dark stays
    /// as dark as the others. The test part has no say in them. Elements that are all alike are only shifted.</remarks>
    public DataSplit<T> Standardized()
    {
        var elements = Train.Features.Span;
        var mean = 0.0;
        foreach (var element in elements) mean += double.CreateTruncating(element);
        mean /= elements.Length;
        var variance = 0.0;
        foreach (var element in elements)
        {
            var difference = double.CreateTruncating(element) - mean;
            variance += difference * difference;
        }
        var deviation = Math.Sqrt(variance / elements.Length);
        var scale = deviation > 0 ? 1 / deviation : 1;
        return new DataSplit<T>(Scaled(Train, mean, scale), Scaled(Test, mean, scale));
    }

    private static Dataset<T> Scaled(Dataset<T> data, double mean, double scale)
    {
        var features = new Tensor<T>(data.Features.Shape);
        var source = data.Features.Span;
        var scaled = features.Writable;
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = T.CreateTruncating((double.CreateTruncating(source[i]) - mean) * scale);
        return new Dataset<T>(data.Name, features, data.Labels, data.ClassCount);
    }
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

    /// <summary>Number of samples held out of <paramref name="count"/>: for example 300 of the digits' 1,797.</summary>
    public static int CountOf(int count) => (count / OneIn) + (count % OneIn > 0 ? 1 : 0);

    /// <summary>Splits a data set by the rule above.</summary>
    /// <exception cref="DataException">There are fewer than two samples.</exception>
    public static DataSplit<T> Split<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => data.Split(CountOf(data.Count), Seed);
}
