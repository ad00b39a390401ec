using System.Numerics;
using PcActors.Data.Digits;
using PcActors.Data.Files;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>One part of a data set as a reader finds it.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Features">[N, ...sample shape].</param>
/// <param name="Labels">N labels, each a valid one by itself (<see cref="ClassLabels"/>).</param>
internal sealed record LabelledPart<T>(string Name, Tensor<T> Features, int[] Labels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What a reader finds: samples to train on and, where the files have them, to test on.</summary>
/// <param name="Name">The file or folder, the name of the data set.</param>
/// <param name="Train">The samples to train on.</param>
/// <param name="Test">The samples to test on, if there are any apart.</param>
internal sealed record LabelledArrays<T>(string Name, LabelledPart<T> Train, LabelledPart<T>? Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The finished data set: classes counted over both parts, or a part held out.</summary>
    /// <exception cref="DataException">The parts' samples differ in shape, every label to
    /// train on is the same, a feature is not finite, or there are fewer than two samples.</exception>
    public DataSplit<T> ToSplit()
    {
        var classCount = Train.Labels.Max() + 1;
        if (Test is null)
            return RequireClasses(HoldOut.Split(new Dataset<T>(Name, Train.Features, Train.Labels, classCount)));
        if (!Train.Features.Shape.Dimensions[1..].SequenceEqual(Test.Features.Shape.Dimensions[1..]))
            throw new DataException(Test.Name,
                $"features of shape {Test.Features.Shape} beside {Train.Features.Shape} to train on",
                "samples must have one shape");
        classCount = Math.Max(classCount, Test.Labels.Max() + 1);
        return RequireClasses(new DataSplit<T>(
            new Dataset<T>(Train.Name, Train.Features, Train.Labels, classCount),
            new Dataset<T>(Test.Name, Test.Features, Test.Labels, classCount)));
    }

    private DataSplit<T> RequireClasses(DataSplit<T> split) =>
        split.Train.Labels.ContainsAnyExcept(split.Train.Labels[0])
        ? split
        : throw new DataException(Name, $"every sample to train on has the label {split.Train.Labels[0]}",
            "at least two classes are needed");
}

/// <summary>Finds the data set that an option names.</summary>
public static class DatasetLoader
{
    private const string Accepted =
        "give 'digits' for the embedded data set, a folder with IDX files in MNIST's layout, an .npz file, or a .csv "
        + "or .csv.gz file";

    /// <summary>The data set, in a part to train on and one to test on.</summary>
    /// <param name="data">
    /// Null or <c>digits</c>: the embedded digits. A folder: IDX files. A file: .npz, .csv or
    /// .csv.gz. IDX pixels and an .npz's unsigned bytes are divided by 255. Of data without a test part one is
    /// held out (<see cref="HoldOut"/>).
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
        throw new DataException($"'{data}'",
            File.Exists(data) ? "this kind of file is not a data set that is read" : "there is no such data set",
            Accepted);
    }

    private static bool HasExtension(string path, string extension) =>
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
