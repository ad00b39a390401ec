using PcActors.Data;
using PcActors.Data.Digits;

namespace PcActors.Tests.Data;

/// <summary>Golden: what the data set's publishers say of it.</summary>
public class DigitsGoldens
{
    [Fact]
    public void There_are_1797_samples_of_64_pixels_and_300_of_them_are_held_out()
    {
        var (train, test) = EmbeddedDigits.Load<float>();
        Assert.Equal(1497, train.Count);
        Assert.Equal(300, test.Count);
        Assert.All(new[] { train, test }, part =>
        {
            Assert.Equal([64], part.SampleShape.Dimensions.ToArray());
            Assert.Equal(10, part.ClassCount);
        });
    }

    [Fact]
    public void The_classes_have_their_published_sizes()
    {
        var (train, test) = EmbeddedDigits.Load<double>();
        var sizes = new int[10];
        foreach (var label in (int[])[.. train.Labels, .. test.Labels]) sizes[label]++;
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], sizes);
    }

    [Fact]
    public void Pixels_are_whole_numbers_from_0_to_16()
    {
        var (train, _) = EmbeddedDigits.Load<double>();
        foreach (var pixel in train.Features.Span)
        {
            Assert.InRange(pixel, 0, 16);
            Assert.True(double.IsInteger(pixel));
        }
        Assert.Equal(16, train.Features.Span.ToArray().Max());
    }

    [Fact]
    public void The_first_image_is_the_published_zero()
    {
        double[] zero =
        [
            0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0,
            0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
        ];
        var (train, test) = EmbeddedDigits.Load<double>();
        var holder = train.Features.Rows(0, 1).Span.SequenceEqual(zero) ? train : test;
        Assert.Equal(zero, holder.Features.Rows(0, 1).Span.ToArray());
        Assert.Equal(0, holder.Labels[0]);
    }

    [Fact]
    public void It_is_what_is_loaded_when_no_data_set_is_named()
    {
        var embedded = EmbeddedDigits.Load<float>();
        Assert.All(new[] { DatasetLoader.Load<float>(null), DatasetLoader.Load<float>("digits") }, loaded =>
        {
            Assert.Equal(embedded.Train.Features.Span.ToArray(), loaded.Train.Features.Span.ToArray());
            Assert.Equal(embedded.Test.Labels.ToArray(), loaded.Test.Labels.ToArray());
        });
    }
}
