using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>A folder in MNIST's layout: images and labels to train on and, as t10k, to test on.</summary>
internal static class IdxFolder
{
    private const int LargestPixel = 255;

    /// <summary>The data set, pixels divided by 255; without t10k files a part is held out (<see cref="HoldOut"/>).</summary>
    /// <exception cref="DataException">A file is missing or wrong, or two do not fit together.</exception>
    public static LabelledArrays<T> Read<T>(string folder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var train = ReadPart<T>(folder, "train") ?? throw Missing(folder, "train", "images");
        return new LabelledArrays<T>(folder, train, ReadPart<T>(folder, "t10k"));
    }

    private static LabelledPart<T>? ReadPart<T>(string folder, string part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var imagePath = Find(folder, part, "images", 3);
        var labelPath = Find(folder, part, "labels", 1);
        if (imagePath is null && labelPath is null) return null;
        var (pixels, shape) = IdxFile.Read(imagePath ?? throw Missing(folder, part, "images"), 3);
        var (labels, _) = IdxFile.Read(labelPath ?? throw Missing(folder, part, "labels"), 1);
        if (shape[0] != labels.Length)
            throw new DataException(labelPath, $"{labels.Length} labels for the {shape[0]} images of {imagePath}", "there must be one label an image");

        var levels = new T[LargestPixel + 1];
        for (var level = 0; level < levels.Length; level++) levels[level] = T.CreateTruncating(level) / T.CreateTruncating(LargestPixel);
        var features = new Tensor<T>(shape);
        var scaled = features.Writable;
        for (var i = 0; i < scaled.Length; i++) scaled[i] = levels[pixels[i]];
        return new LabelledPart<T>(imagePath, features, Array.ConvertAll(labels, label => (int)label));
    }

    private static string? Find(string folder, string part, string what, int rank) =>
        Names(part, what, rank).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string[] Names(string part, string what, int rank)
    {
        var (dashed, dotted) = ($"{part}-{what}-idx{rank}-ubyte", $"{part}-{what}.idx{rank}-ubyte");
        return [dashed, $"{dashed}.gz", dotted, $"{dotted}.gz"];
    }

    private static DataException Missing(string folder, string part, string what) =>
        new(folder, $"the folder has no {part} {what}", $"one of {string.Join(", ", Names(part, what, what == "images" ? 3 : 1))} is needed");
}
