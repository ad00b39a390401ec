using System.Numerics;
using PcActors.Data.Npy;

namespace PcActors.Data.Files;

/// <summary>Two IDX files: of samples, and of their labels.</summary>
internal static class IdxFiles
{
    /// <summary>The two files that a text names: with a comma between, or that of images with its labels beside
    /// it.</summary>
    /// <returns>Null when it names no such files.</returns>
    /// <exception cref="DataException">One of them is not there.</exception>
    public static (string Images, string Labels)? Of(string data)
    {
        if (data.Split(',') is [{ Length: > 0 } images, { Length: > 0 } labels] && !File.Exists(data))
            return File.Exists(images) ? (images, labels) : null;
        var name = Path.GetFileName(data);
        if (!name.Contains("idx", StringComparison.OrdinalIgnoreCase) || !File.Exists(data)) return null;
        var beside = Path.Combine(Path.GetDirectoryName(data) ?? "",
            name.Replace("images", "labels", StringComparison.Ordinal)
                .Replace("idx3", "idx1", StringComparison.Ordinal));
        if (beside != data && File.Exists(beside)) return (data, beside);
        throw new DataException(data, "its labels are not beside it",
            "name the file of images and, behind a comma, that of labels");
    }

    /// <summary>Whole paths in place of relative ones; what is no file is left as it is.</summary>
    public static string WithFullPaths(string data) =>
        Path.Exists(data) ? Path.GetFullPath(data)
        : data.Split(',') is [{ Length: > 0 } images, { Length: > 0 } labels] && File.Exists(images)
            ? $"{Path.GetFullPath(images)},{Path.GetFullPath(labels)}" : data;

    /// <summary>The samples and labels; pixels are taken as they are.</summary>
    /// <exception cref="DataException">A file is wrong, or the two do not fit together.</exception>
    public static FoundData<T> Read<T>(string imagePath, string labelPath, DatasetOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (images, labels) = (IdxFile.Read(imagePath), IdxFile.Read(labelPath));
        if (images.Shape.Rank < 2 && labels.Shape.Rank >= 2)
            throw new DataException(imagePath, $"its shape is {images.Shape}, and that of {labelPath} {labels.Shape}",
                "the file of images comes first, then that of labels");
        if (images.Shape.Rank < 2)
            throw new DataException(imagePath, $"its shape is {images.Shape}", "[N, ...] is needed: images");
        if (labels.Shape[0] != images.Shape[0])
            throw new DataException(labelPath,
                $"{labels.Shape[0]} labels for the {images.Shape[0]} images of {imagePath}",
                "there must be one label an image");
        var features = images.ToTensor<T>();
        Dataset<T>.RequireFinite(new ArrayOrigin(imagePath), features, "features");
        var part = new FoundPart<T>(imagePath, features, FoundTarget.Of(labels));
        return new FoundData<T>(imagePath, part, Test: null)
        {
            Notice = $"{imagePath}: " + string.Join("; ",
                [$"features {images.Shape} {images.Type.NumPyName()}", .. options.HeldOut,
                    $"the target is {labelPath}"]),
        };
    }
}
