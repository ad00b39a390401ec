using PcActors.Data;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class DataSplitProperties
{
    [Fact]
    public void Standardized_training_data_have_mean_0_and_variance_1_and_the_test_data_follow()
    {
        var random = new SeededRandom(3);
        var split = new DataSplit<double>(Make(200, () => 5 + (3 * random.NextGaussian())), Make(20, () => 5));
        var standardized = split.Standardized();
        var elements = standardized.Train.Features.Span.ToArray();
        Assert.Equal(0, elements.Average(), 1e-12);
        Assert.Equal(1, elements.Average(e => e * e), 1e-12);

        // The map that the training data give is the test data's too.
        var (x0, x1) = (split.Train.Features.Span[0], split.Train.Features.Span[1]);
        var slope = (elements[1] - elements[0]) / (x1 - x0);
        Assert.Equal(elements[0] + (slope * (5 - x0)), standardized.Test.Features.Span[0], 1e-9);
        Assert.True(split.Train.Labels.SequenceEqual(standardized.Train.Labels));
    }

    [Fact]
    public void Elements_that_are_all_alike_become_0()
    {
        var standardized = new DataSplit<float>(Make<float>(4, () => 7), Make<float>(2, () => 8)).Standardized();
        Assert.All(standardized.Train.Features.Span.ToArray(), e => Assert.Equal(0, e));
        Assert.All(standardized.Test.Features.Span.ToArray(), e => Assert.Equal(1, e));
    }

    private static Dataset<double> Make(int count, Func<double> draw) => Make<double>(count, draw);

    private static Dataset<T> Make<T>(int count, Func<double> draw)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var features = new Tensor<T>(new Shape(count, 3));
        foreach (ref var element in features.Writable) element = T.CreateTruncating(draw());
        return new Dataset<T>("made up", features, [.. Enumerable.Range(0, count).Select(i => i % 2)], 2);
    }
}
