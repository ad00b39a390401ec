using System.Numerics;
using PcActors.Data.Digits;
using PcActors.Data.Files;
using PcActors.Data.Npy;

namespace PcActors.Data;

/// <summary>Finds the data set that an option names.</summary>
public static class DatasetLoader
{
    private const string Accepted =
        "give 'digits' for the embedded data set, a folder with IDX files in MNIST's layout, an .npz file, a .csv "
        + "or .csv.gz file, or an IDX file of images and, behind a comma, one of labels";

    /// <summary>The data set, in a part to train on and one to test on.</summary>
    /// <param name="data">
    /// Null or <c>digits</c>: the embedded digits. A folder: IDX files. A file: .npz, .csv, .csv.gz, .tsv or
    /// .tsv.gz. Two IDX files with a comma between, or one of images with its labels beside it. Numbers are taken
    /// as they are. Of data without a test part one is held out (<see cref="HoldOut"/>).
    /// </param>
    /// <exception cref="DataException">There is no such data set, or it is wrong.</exception>
    public static DataSplit<T> Load<T>(string? data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Load<T>(data, DatasetOptions.Default);

    /// <summary>The data set, in a part to train on, one to test on and, if asked for, one to validate on.</summary>
    /// <param name="data">As for <see cref="Load{T}(string?)"/>.</param>
    /// <param name="options">What is read, and how.</param>
    /// <exception cref="DataException">There is no such data set, it is wrong, or it does not have what is asked
    /// for.</exception>
    public static DataSplit<T> Load<T>(string? data, DatasetOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (data is null or EmbeddedDigits.Name)
        {
            return Whole(EmbeddedDigits.Find<T>() with
            {
                Notice = data is not null && Path.Exists(data)
                    ? $"'{data}' is the embedded data set; the file or folder of that name is ./{data}" : null,
            }, options);
        }
        if (Directory.Exists(data)) return Whole(IdxFolder.Read<T>(data), options);
        if (HasExtension(data, ".npz")) return NpzDataset.Read<T>(data, options).ToSplit(options);
        if (IsTable(data)) return Whole(DataFile.Read(data, input => CsvFile.Read<T>(input, options)), options);
        if (IdxFiles.Of(data) is var (images, labels)) return Whole(IdxFiles.Read<T>(images, labels, options), options);
        throw new DataException($"'{data}'",
            File.Exists(data) ? "this kind of file is not a data set that is read" : "there is no such data set",
            Accepted);
    }

    /// <summary>The files that a data set is read from, as far as they are there.</summary>
    internal static IReadOnlyList<string> FilesOf(string data) =>
        Directory.Exists(data) ? [.. Directory.EnumerateFiles(data, "*-ubyte*")]
        : File.Exists(data) || data.Split(',') is not [var images, var labels] ? [data] : [images, labels];

    /// <summary>What has one array of features, and no other that could be named.</summary>
    private static DataSplit<T> Whole<T>(FoundData<T> found, DatasetOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string[] there = [.. Feed.Arrays, .. new[] { found.FeaturesName, found.TargetName }.OfType<string>()];
        if (options.Inputs.FirstOrDefault(name => !there.Contains(name)) is { } unknown)
            throw new DataException(found.Name, $"it has no array '{unknown}'",
                $"there are {string.Join(", ", there)}");
        if (options.NamedTarget is { } target && !there.Contains(target))
            throw new DataException(found.Name, $"it has no array '{target}'",
                $"there are {string.Join(", ", there)}");
        return Layouts.Apply(found, options.Layout).ToSplit(options);
    }

    private static bool IsTable(string path)
    {
        var name = HasExtension(path, ".gz") ? path[..^3] : path;
        return HasExtension(name, ".csv") || HasExtension(name, ".tsv");
    }

    private static bool HasExtension(string path, string extension) =>
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
