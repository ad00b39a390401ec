using System.IO.Compression;
using PcActors.Data;
using PcActors.Data.Npy;

namespace PcActors.Tests.Data;

/// <summary>Golden: NumPy's archives (Goldens/Npy/make_npy.py) under any names.</summary>
public class NpzNames
{
    private static readonly string[] Words = ["ähre", "cat", "dog"];

    [Fact]
    public void Text_is_read_in_any_byte_order_without_what_fills_it_up()
    {
        Assert.Equal(["a", "bc"], NpyFile.Read(Golden.Npy("text.npy")).ToStrings());
        var labels = NpzFile.Read(Golden.Npy("named.npz"))["labels"];
        Assert.Equal((NpyType.Text, new PcActors.Tensors.Shape(12)), (labels.Type, labels.Shape));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => Words[i % 3]), labels.ToStrings());
        Refusal.Of(() => labels.ToTensor<float>(), "'U7'", "numbers are needed");
        Refusal.Of(() => NpzFile.Read(Golden.Npy("named.npz"))["ids"].ToStrings(), "'i4'", "texts are needed");
    }

    [Fact]
    public void Features_may_be_one_number_a_sample_and_targets_that_are_all_alike_are_numbers()
    {
        using var folder = new TemporaryFolder();
        var path = Archive(folder, "a.npz", ("x", [12], [.. Enumerable.Range(0, 12).Select(i => i / 2f)]),
            ("y", [12], new float[12]));
        var split = DatasetLoader.Load<float>(path, new DatasetOptions { TargetKind = TargetKind.Either });
        Assert.Equal([1], split.Train.SampleShape.Dimensions.ToArray());
        Assert.All(split.Train.Targets!.Span.ToArray(), y => Assert.Equal(0, y));
        Refusal.Of(() => DatasetLoader.Load<float>(path, new DatasetOptions { TargetKind = TargetKind.Classes }),
            "label 0", "two classes");
    }

    [Fact]
    public void A_method_of_compression_that_is_not_read_is_said()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Archive(folder, "a.npz", ("x", [2], [1, 2]), ("y", [2], [0, 1])));
        for (var i = 0; i + 12 < bytes.Length; i++)
        {
            // bzip2 is 12, in the headers of each file and of the directory.
            if (bytes[i..(i + 4)] is [(byte)'P', (byte)'K', 3, 4]) bytes[i + 8] = 12;
            if (bytes[i..(i + 4)] is [(byte)'P', (byte)'K', 1, 2]) bytes[i + 10] = 12;
        }
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("b.npz", bytes)), "array x", "method that is not read");
    }

    [Fact]
    public void Usual_names_are_recognised_and_classes_keep_their_names()
    {
        var split = DatasetLoader.Load<double>(Golden.Npy("named.npz"));
        Assert.Equal([2, 3, 3], split.Train.SampleShape.Dimensions.ToArray());
        Assert.Equal(["cat", "dog", "ähre"], split.Train.ClassNames);
        for (var i = 0; i < split.Train.Count; i++)
        {
            var number = (int)split.Train.Features.Rows(i, 1).Span[0];
            Assert.Equal(Words[number % 3], split.Train.ClassNames![split.Train.Labels[i]]);
        }
        Assert.All(["'images' [12, 2, 3, 3] float64", "'labels' [12] str", "3 classes: cat, dog, ähre"],
            words => Assert.Contains(words, split.Notice, StringComparison.Ordinal));
    }

    [Fact]
    public void Parts_are_told_by_their_names_and_classes_are_those_of_all_of_them()
    {
        var split = DatasetLoader.Load<float>(Golden.Npy("parts.npz"));
        Assert.Equal((8, 2, 2), (split.Train.Count, split.Validation!.Count, split.Test.Count));
        Assert.Equal([8f, 9f], [split.Validation.Features.Span[0], split.Validation.Features.Span[18]]);
        Assert.Equal(["cat", "dog", "ähre"], split.Test.ClassNames);
        Assert.Equal([0, 1], split.Test.Labels.ToArray());
    }

    [Fact]
    public void Arrays_are_read_by_the_names_that_inputs_are_given()
    {
        var split = DatasetLoader.Load<float>(Golden.Npy("named.npz"), new DatasetOptions
        {
            Inputs = ["ids", "mask", Feed.Zeros],
            Target = "labels",
        });
        Assert.Equal((10, 2), (split.Train.Count, split.Test.Count));
        Assert.Equal("images", split.Train.FeaturesName);
        foreach (var part in new[] { split.Train, split.Test })
        {
            for (var i = 0; i < part.Count; i++)
            {
                var number = (int)part.Arrays["ids"].Span[4 * i];
                Assert.Equal((number + 1) % 2, part.Arrays["mask"].Span[i]);
                Assert.Equal(Words[number % 3], part.ClassNames![part.Labels[i]]);
            }
        }
    }

    [Theory]
    [InlineData("y", TargetKind.Auto, 0, 2)]
    [InlineData("hot", TargetKind.Auto, 3, 3)]
    [InlineData("hot", TargetKind.Numbers, 0, 3)]
    [InlineData("prices", TargetKind.Auto, 0, 1)]
    [InlineData(Feed.Labels, TargetKind.Either, 0, 2)]
    [InlineData(Feed.Features, TargetKind.Auto, 0, 0)]
    [InlineData("x", TargetKind.Auto, 0, 0)]
    public void A_target_is_classes_or_numbers(string target, TargetKind kind, int classes, int outputs)
    {
        var (train, _) = DatasetLoader.Load<double>(Golden.Npy("numbers.npz"),
            new DatasetOptions { Target = target, TargetKind = kind });
        Assert.Equal((classes, outputs), (train.ClassCount, train.OutputCount));
        for (var i = 0; i < train.Count && target == "y"; i++)
            Assert.Equal(train.Features.Span[18 * i] / 2, train.Targets!.Span[2 * i]);
    }

    [Fact]
    public void What_is_missing_is_answered_with_what_was_found()
    {
        var (named, numbers) = (Golden.Npy("named.npz"), Golden.Npy("numbers.npz"));
        string[] found =
            ["'images' [12, 2, 3, 3] float64", "'mask' [12, 1] bool", "'note' [] str", "'rate' [] float16"];
        Refused(named, new DatasetOptions { Inputs = ["image"] }, ["no array 'image'", .. found]);
        Refused(named, new DatasetOptions { Target = "kind" }, ["no array 'kind'", .. found]);
        Refused(named, new DatasetOptions { Inputs = ["images", "rate"] }, "array rate", "[]", "a row for each sample");
        Refused(numbers, DatasetOptions.Default, "array y", "[12, 2]", "one-hot rows");
        Refused(numbers, new DatasetOptions { TargetKind = TargetKind.Classes, Target = "y" }, "array y", "[12, 2]");
        Refused(named, new DatasetOptions { Target = "labels", TargetKind = TargetKind.Numbers }, "labels", "words");

        static void Refused(string path, DatasetOptions options, params string[] words) =>
            Refusal.Of(() => DatasetLoader.Load<float>(path, options), [path, .. words]);
    }

    [Theory]
    [InlineData("x_train", "x", "Train")]
    [InlineData("XTrain", "X", "Train")]
    [InlineData("test-images", "images", "Test")]
    [InlineData("y.validation", "y", "Validation")]
    [InlineData("training_labels", "labels", "Train")]
    [InlineData("contest", "contest", "Whole")]
    [InlineData("trained", "trained", "Whole")]
    [InlineData("images", "images", "Whole")]
    public void A_part_is_a_word_of_its_own(string name, string expected, string part) =>
        Assert.Equal((expected, part), (ArrayName.Of(name).Base, $"{ArrayName.Of(name).Part}"));

    private static string Archive(TemporaryFolder folder, string name,
        params (string Name, int[] Shape, float[] Elements)[] arrays)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (array, shape, elements) in arrays)
            {
                using var entry = archive.CreateEntry($"{array}.npy", CompressionLevel.NoCompression).Open();
                NpyFile.Write<float>(entry, new PcActors.Tensors.Shape(shape), elements);
            }
        }
        return folder.Write(name, memory.ToArray());
    }
}
