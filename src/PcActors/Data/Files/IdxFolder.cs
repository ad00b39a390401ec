using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>A folder in MNIST's layout: images and labels to train on and, as t10k, to test on.</summary>
internal static class IdxFolder
{
    /// <summary>The data set, pixels as they are, from 0 to 255; without t10k files a part is held out
    /// (<see cref="HoldOut"/>).</summary>
    /// <exception cref="DataException">A file is missing or wrong, or two do not fit together.</exception>
    public static FoundData<T> Read<T>(string folder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var train = ReadPart<T>(folder, "train") ?? throw Missing(folder, "train", "images");
        return new FoundData<T>(folder, train, ReadPart<T>(folder, "t10k"));
    }

    private static FoundPart<T>? ReadPart<T>(string folder, string part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var imagePath = Find(folder, part, "images", 3);
        var labelPath = Find(folder, part, "labels", 1);
        if (imagePath is null && labelPath is null) return null;
        var (pixels, shape) = IdxFile.Read(imagePath ?? throw Missing(folder, part, "images"), 3);
        var (labels, _) = IdxFile.Read(labelPath ?? throw Missing(folder, part, "labels"), 1);
        if (shape[0] != labels.Length)
            throw new DataException(labelPath, $"{labels.Length} labels for the {shape[0]} images of {imagePath}",
                "there must be one label an image");

        var features = new Tensor<T>(shape);
        var elements = features.Writable;
        for (var i = 0; i < elements.Length; i++) elements[i] = T.CreateTruncating(pixels[i]);
        return new FoundPart<T>(imagePath, features,
            FoundTarget.Of(labelPath, Array.ConvertAll(labels, label => (int)label)));
    }

    private static string? Find(string folder, string part, string what, int rank) =>
        Names(part, what, rank).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? Variant(folder, part == "t10k" ? ["t10k", "test"] : [part], $"{what}-idx{rank}-ubyte");

    /// <summary>The only file whose name ends as such a one does: emnist-digits-train-images-idx3-ubyte.gz,
    /// say.</summary>
    private static string? Variant(string folder, string[] parts, string end)
    {
        var found = Directory.EnumerateFiles(folder)
            .Where(f => parts.Any(p => Path.GetFileName(f) is var name
                && (name.EndsWith($"{p}-{end}", StringComparison.Ordinal)
                    || name.EndsWith($"{p}-{end}.gz", StringComparison.Ordinal))))
            .Order(StringComparer.Ordinal).ToList();
        return found.Count < 2 ? found.FirstOrDefault() : throw new DataException(folder,
            $"it has several files of one part: {string.Join(", ", found.Select(f => Path.GetFileName(f)))}",
            "name the file of images and, behind a comma, that of labels");
    }

    private static string[] Names(string part, string what, int rank)
    {
        var (dashed, dotted) = ($"{part}-{what}-idx{rank}-ubyte", $"{part}-{what}.idx{rank}-ubyte");
        return [dashed, $"{dashed}.gz", dotted, $"{dotted}.gz"];
    }

    private static DataException Missing(string folder, string part, string what) =>
        new(folder, $"the folder has no {part} {what}",
            $"one of {string.Join(", ", Names(part, what, what == "images" ? 3 : 1))} is needed");
}
