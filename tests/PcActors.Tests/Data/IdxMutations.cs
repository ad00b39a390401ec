using PcActors.Data;

namespace PcActors.Tests.Data;

public class IdxMutations
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102, 153, 204];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 0, 2, 1];

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte.gz",
        "t10k-labels.idx1-ubyte.gz")]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images.idx3-ubyte",
        "t10k-labels-idx1-ubyte.gz")]
    public void All_names_are_found_and_pixels_are_as_they_are(params string[] names)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < names.Length; i++)
        {
            var bytes = i % 2 == 0 ? Images : Labels;
            folder.Write(names[i],
                names[i].EndsWith(".gz", StringComparison.Ordinal) ? TemporaryFolder.Gzip(bytes) : bytes);
        }
        var split = DatasetLoader.Load<double>(folder.Path);
        Assert.All(new[] { split.Train, split.Test }, part =>
        {
            Assert.Equal([1, 2], part.SampleShape.Dimensions.ToArray());
            Assert.Equal([0, 255, 51, 102, 153, 204], part.Features.Span.ToArray());
            Assert.Equal([0, 2, 1], part.Labels.ToArray());
            Assert.Equal(3, part.ClassCount);
        });
    }

    [Fact]
    public void Without_test_files_a_sixth_is_held_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1, .. new byte[12]]);
        folder.Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 12, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
        var (train, test) = DatasetLoader.Load<float>(folder.Path);
        Assert.Equal((10, 2), (train.Count, test.Count));
    }

    [Theory]
    [InlineData("images", 0, 1, "begins with the bytes 01000803", "00000803")]
    [InlineData("images", 2, 0x0D, "type 0x0D", "0x08")]
    [InlineData("images", 3, 1, "rank is 1", "3")]
    [InlineData("images", 4, 0x80, "axis 0", "-2147483645")]
    [InlineData("images", 4, 0x7F, "more than 2^31 - 1 elements")]
    [InlineData("images", 5, 0x40, "8388614 bytes", "6 can follow")]
    [InlineData("images", 7, 0, "axis 0 the extent 0")]
    [InlineData("images", 7, 2, "more bytes follow")]
    [InlineData("images", 15, 0, "axis 2 the extent 0")]
    [InlineData("labels", 7, 4, "4 bytes", "3 can follow")]
    [InlineData("labels", 3, 3, "rank is 3")]
    public void Headers_that_do_not_fit_the_file_are_refused_with_what_they_say(string which, int position, byte value,
        params string[] words)
    {
        using var folder = new TemporaryFolder();
        var images = (byte[])Images.Clone();
        var labels = (byte[])Labels.Clone();
        (which == "images" ? images : labels)[position] = value;
        folder.Write("train-images-idx3-ubyte", images);
        folder.Write("train-labels-idx1-ubyte", labels);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), [folder.Path, $"train-{which}", .. words]);
    }

    [Fact]
    public void Files_that_are_missing_or_do_not_belong_together_are_named()
    {
        using var folder = new TemporaryFolder();
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), folder.Path, "no train images",
            "train-images-idx3-ubyte.gz");
        folder.Write("train-images-idx3-ubyte", Images);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), folder.Path, "no train labels",
            "train-labels.idx1-ubyte");
        folder.Write("train-labels-idx1-ubyte", 0, 0, 8, 1, 0, 0, 0, 2, 0, 1);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), "train-labels-idx1-ubyte",
            "2 labels for the 3 images");
        folder.Write("train-labels-idx1-ubyte", Labels);
        folder.Write("t10k-labels-idx1-ubyte", Labels);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), "no t10k images");
        folder.Write("t10k-images-idx3-ubyte", [.. Images[..11], 2, 0, 0, 0, 1, .. Images[16..]]);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), "t10k-images", "[3, 2, 1]", "[3, 1, 2]");
    }

    [Fact]
    public void A_compressed_header_cannot_ask_for_more_than_the_file_can_hold()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images-idx3-ubyte.gz",
            TemporaryFolder.Gzip([0, 0, 8, 3, 0, 0, 0x70, 0, 0, 0, 0, 100, 0, 0, 0, 100]));
        folder.Write("train-labels-idx1-ubyte", Labels);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Path), "train-images-idx3-ubyte.gz", "286720000 bytes");
    }
}
