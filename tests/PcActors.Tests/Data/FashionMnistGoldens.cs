using PcActors.Data;

namespace PcActors.Tests.Data;

/// <summary>Golden: Fashion-MNIST as published by Zalando Research, where Debian's package
/// dataset-fashion-mnist is installed.</summary>
public class FashionMnistGoldens
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    [SkippableFact]
    [Trait("Suite", "Long")]
    public void It_has_its_published_sizes()
    {
        Skip.IfNot(Directory.Exists(Folder), $"{Folder} is not there");
        var (train, test) = DatasetLoader.Load<float>(Folder);
        Assert.Equal([60_000, 28, 28], train.Features.Shape.Dimensions.ToArray());
        Assert.Equal([10_000, 28, 28], test.Features.Shape.Dimensions.ToArray());
        Assert.Equal((10, 10), (train.ClassCount, test.ClassCount));
        Assert.All(train.Labels.ToArray().CountBy(label => label), pair => Assert.Equal(6_000, pair.Value));
        Assert.All(test.Labels.ToArray().CountBy(label => label), pair => Assert.Equal(1_000, pair.Value));
        // The mean and standard deviation of the pixels to train on that the literature normalises with.
        var mean = 0.0;
        var square = 0.0;
        foreach (var pixel in train.Features.Span)
            (mean, square) = (mean + (pixel / 255), square + ((double)pixel * pixel / (255 * 255)));
        mean /= train.Features.Length;
        Assert.Equal(0.2860, mean, 4);
        Assert.Equal(0.3530, Math.Sqrt((square / train.Features.Length) - (mean * mean)), 4);
    }
}
