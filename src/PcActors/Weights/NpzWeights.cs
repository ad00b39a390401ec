using System.IO.Compression;
using System.Numerics;
using System.Text;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Weights;

/// <summary>Parameters as NumPy's savez writes them: an uncompressed array for each, under its own name. What is done
/// to features stands in three further arrays, the classes' names as JSON in the bytes of a fourth.</summary>
internal static class NpzWeights
{
    public const string Extension = ".npz";

    private const string MeanKey = "pcactors.standardization.mean";
    private const string ScaleKey = "pcactors.standardization.scale";
    private const string SamplesKey = "pcactors.standardization.samples";

    private static readonly string[] Standardizing = [MeanKey, ScaleKey, SamplesKey];
    private static readonly string[] Own = [.. Standardizing, WeightNotes.ClassNamesKey];

    // The same weights make the same bytes; it is the earliest time that the format knows.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes them, in their order.</summary>
    public static void Write<T>(Stream stream, IReadOnlyList<NamedTensor<T>> parameters,
        Standardization? standardization, IReadOnlyDictionary<string, string>? metadata)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, value) in parameters) Add<T>(name, value.Shape, value.Span);
        // Nothing is a shift by 0 and a scale of 1.
        standardization ??= new Standardization(StandardizationKind.All, [0], [1], samples: 0);
        var shape = standardization.Kind == StandardizationKind.All ? Shape.Scalar
            : new Shape(standardization.Mean.Count);
        Add<double>(MeanKey, shape, standardization.Mean.ToArray());
        Add<double>(ScaleKey, shape, standardization.Scale.ToArray());
        Add<long>(SamplesKey, Shape.Scalar, [standardization.Samples]);
        if (metadata?.GetValueOrDefault(WeightNotes.ClassNamesKey) is { } names)
        {
            var bytes = Encoding.UTF8.GetBytes(names);
            Add<byte>(WeightNotes.ClassNamesKey, new Shape(bytes.Length), bytes);
        }

        void Add<TElement>(string name, Shape shape, ReadOnlySpan<TElement> elements)
            where TElement : unmanaged
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = Time;
            using var output = entry.Open();
            NpyFile.Write(output, shape, elements);
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">The file is missing or damaged, or an array is none of floats.</exception>
    public static StoredWeights<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var arrays = NpzFile.Read(path);
        var values = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
        foreach (var (name, array) in arrays.Where(a => !Own.Contains(a.Key)))
        {
            values[name] = array.Type is NpyType.Float16 or NpyType.Float32 or NpyType.Float64
                ? array.ToTensor<T>()
                : throw new DataException(array.Source, $"it holds elements of the type {array.Type}",
                    "weights are floats");
        }
        var notes = NotesIn(path, arrays);
        return new StoredWeights<T>(path, values, notes.Standardization)
        {
            SaysStandardization = notes.SaysStandardization,
        };
    }

    /// <summary>Reads what it says besides them.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static WeightNotes ReadNotes(string path) => NotesIn(
        path, NpzFile.Read(path, name => name == WeightNotes.OutputKey || Own.Contains(name)));

    private static WeightNotes NotesIn(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        var found = Standardizing.All(arrays.ContainsKey) ? StandardizationOf(arrays) : null;
        var names = arrays.GetValueOrDefault(WeightNotes.ClassNamesKey);
        return new WeightNotes(found is not null, found is { Samples: 0, Mean: [0], Scale: [1] } ? null : found,
            names is null ? null : WeightNotes.NamesIn(path, TextOf(names)),
            arrays.GetValueOrDefault(WeightNotes.OutputKey)?.Shape is { Rank: 1 } output ? output[0] : 0);
    }

    private static string TextOf(NpyArray array) => array.Type == NpyType.UInt8
        ? Encoding.UTF8.GetString(Array.ConvertAll(array.ToIntegers(), b => (byte)b))
        : throw new DataException(array.Source, $"it holds elements of the type {array.Type}",
            "it is JSON in bytes, uint8");

    private static Standardization StandardizationOf(IReadOnlyDictionary<string, NpyArray> arrays)
    {
        var (mean, scale) = (arrays[MeanKey].ToTensor<double>(), arrays[ScaleKey].ToTensor<double>());
        var samples = arrays[SamplesKey].ToTensor<double>().Span;
        try
        {
            return new Standardization(
                mean.Shape.Rank == 0 ? StandardizationKind.All : StandardizationKind.Feature,
                mean.Span.ToArray(), scale.Span.ToArray(), samples.Length == 1 ? (int)samples[0] : 0);
        }
        catch (ArgumentException e)
        {
            throw new DataException(arrays[MeanKey].Source, e.Message);
        }
    }
}
