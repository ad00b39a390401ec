using System.Numerics;
using PcActors.Data.Digits;
using PcActors.Data.Files;
using PcActors.Data.Npy;

namespace PcActors.Data;

/// <summary>Finds the data set that an option names.</summary>
public static class DatasetLoader
{
    private const string Accepted =
        "give 'digits' for the embedded data set, a folder with IDX files in MNIST's layout, an .npz file, or a .csv or .csv.gz file";

    /// <summary>The data set, in a part to train on and one to test on.</summary>
    /// <param name="data">
    /// Null or <c>digits</c>: the embedded digits. A folder: IDX files. A file: .npz, .csv or .csv.gz. IDX pixels and an .npz's
    /// unsigned bytes are divided by 255. Of data without a test part one is held out (<see cref="HoldOut"/>).
    /// </param>
    /// <exception cref="DataException">There is no such data set, or it is wrong.</exception>
    public static DataSplit<T> Load<T>(string? data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (data is null or EmbeddedDigits.Name) return EmbeddedDigits.Load<T>();
        if (Directory.Exists(data)) return IdxFolder.Read<T>(data).ToSplit();
        if (HasExtension(data, ".npz")) return NpzDataset.Read<T>(data).ToSplit();
        if (HasExtension(data, ".csv") || HasExtension(data, ".csv.gz"))
        {
            var (features, labels) = DataFile.Read(data, CsvFile.Read<T>);
            return new LabelledArrays<T>(data, new LabelledPart<T>(data, features, labels), Test: null).ToSplit();
        }
        throw new DataException($"'{data}'", File.Exists(data) ? "this kind of file is not a data set that is read" : "there is no such data set", Accepted);
    }

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
