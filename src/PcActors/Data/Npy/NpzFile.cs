using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using PcActors.Data.Files;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>NumPy's .npz files: a zip archive of .npy files, compressed or not.</summary>
public static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>The arrays, by their names in the archive without .npy.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="wanted">Which ones to read, by name; null for all.</param>
    /// <exception cref="DataException">The archive or one of these arrays is missing, damaged, cut short or of a type
    /// that is not read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, Func<string, bool>? wanted = null) =>
        DataFile.Guard(path, () =>
    {
        using var file = DataFile.OpenRaw(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        var arrays = new SortedDictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) continue;
            var name = entry.FullName[..^Extension.Length];
            if (wanted is not null && !wanted(name)) continue;
            using var input = Open($"{path}, array {name}", entry, file.Length);
            arrays[name] = NpyFile.Read(input);
        }
        return arrays;
    });

    private static DataInput Open(string name, ZipArchiveEntry entry, long archiveLength)
    {
        if (entry.IsEncrypted) throw new DataException(name, "it is encrypted", "only plain archives are read");
        var limit = Math.Min(entry.Length,
            DataInput.LargestCompressionRatio * Math.Min(entry.CompressedLength, archiveLength));
        return new DataInput(name, new VerifiedStream(entry.Open(), long.MaxValue, entry.Length, entry.Crc32), limit);
    }
}

/// <summary>A data set in an .npz file: x_train, y_train, x_test, y_test as in Keras, or x and y alone.</summary>
internal static class NpzDataset
{
    private const int LargestByte = 255;
    private static readonly string[] Keys = ["x_train", "y_train", "x_test", "y_test", "x", "y"];

    /// <summary>The data set. Features of unsigned bytes are divided by 255, others are taken as they are.</summary>
    /// <exception cref="DataException">An array is missing, or its shape or a label is wrong.</exception>
    public static LabelledArrays<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var arrays = NpzFile.Read(path, Keys.Contains);
        var named = arrays.ContainsKey("x_train") || arrays.ContainsKey("y_train");
        if (!named && !arrays.ContainsKey("x") && !arrays.ContainsKey("y"))
            throw new DataException(path, "it has no features that are known by name",
                "it should hold x_train and y_train, with x_test and y_test or without, or x and y");
        var train = named ? Part<T>(path, arrays, "x_train", "y_train") : Part<T>(path, arrays, "x", "y");
        var tested = arrays.ContainsKey("x_test") || arrays.ContainsKey("y_test");
        return new LabelledArrays<T>(path, train, tested ? Part<T>(path, arrays, "x_test", "y_test") : null);
    }

    private static LabelledPart<T> Part<T>(string path, IReadOnlyDictionary<string, NpyArray> arrays, string x,
        string y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!arrays.TryGetValue(x, out var samples))
            throw new DataException(path, $"it has no array {x}", $"{x} and {y} go together");
        if (!arrays.TryGetValue(y, out var classes))
            throw new DataException(path, $"it has no array {y}", $"{x} and {y} go together");
        if (samples.Shape.Rank < 2 || samples.Shape.Length == 0)
            throw new DataException(samples.Source, $"its shape is {samples.Shape}",
                "[N, ...] with at least one sample of at least one element is needed");
        var count = samples.Shape[0];
        if (classes.Shape.Rank == 0 || classes.Shape[0] != count || classes.Shape.Length != count)
            throw new DataException(classes.Source, $"its shape is {classes.Shape} beside {samples.Shape} of {x}",
                "there must be one label a sample: [N] or [N, 1]");
        return new LabelledPart<T>(samples.Source, Features<T>(samples), ToLabels(classes));
    }

    private static Tensor<T> Features<T>(NpyArray array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = array.ToTensor<T>();
        if (array.Type != NpyType.UInt8) return features;
        foreach (ref var value in features.Writable) value /= T.CreateTruncating(LargestByte);
        return features;
    }

    private static int[] ToLabels(NpyArray array)
    {
        var values = array.ToTensor<double>().Span;
        var labels = new int[values.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            if (!ClassLabels.TryFrom(values[i], out labels[i]))
                throw new DataException(array.Source,
                    string.Create(CultureInfo.InvariantCulture, $"element {i} is {values[i]}"), ClassLabels.Rule);
        }
        return labels;
    }
}
