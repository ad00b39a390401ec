using System.IO.Compression;
using System.Text;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Fuzzing;

/// <summary>The readers of files of others.</summary>
internal static class FuzzTargets
{
    private const int MB = 1 << 20;

    // Buffers of streams and what a reader makes once.
    private const int Fixed = MB;

    private static readonly string[] Texts =
    [
        "0,210,11\n1,36,104\n0,2,3\n1,4,5\n", "label;x;y\r\n0;1;2\r\n1;3;4\r\n0;5;6\r\n1;7;8\r\n",
        "\uFEFF\"a\",\"b\",\"class\"\n\"1\",2,0\n3,\"4\",1\n5,6,0\n7,8,1\n", "1\t2\t0\n3\t4\t1\n5\t6\t0\n7\t8\t1\n",
        "1.5\t2\tcat\r\n3\t4\tdog\r\n5\t6\tcat\r\n7\t8\t\"d\"\"og\"\r\n",
        "a,\"b, c\",label\n1.5,2,0\n-3,4e2,1\n5,6,0\n7,8,1\n9,\"10\",0\n11,12,1\n13,14,1\n",
    ];

    private static readonly DatasetOptions[] Options =
    [
        DatasetOptions.Default, new() { TargetKind = TargetKind.Either, Layout = SampleLayout.ChannelsLast },
        new() { Inputs = ["ids", "mask"], Target = "labels" }, new() { Target = "2", Header = CsvHeader.Yes },
    ];

    // What may be made of a file is bounded by its own limits, which are lower here: 3 kB a vertex, four doubles an
    // element.
    private static readonly ReadingLimits Limits =
        new(Nodes: 5000, Trips: 500, Elements: 1 << 20, Work: 1 << 26, Letters: 1 << 20);

    private const long MostOfModels = 64 * MB;

    private static readonly byte[] Table =
        "a,b,label\n1.5,2,0\n-3,4e2,1\n5,6,0\n7,8,1\n9,10,0\n11,12,1\n13,14,1\n"u8.ToArray();

    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new FuzzTarget[]
    {
        new("onnx", OnnxSeeds.All, (bytes, edit) => edit.Kind < 40 ? ByteEdits.Apply(bytes, edit)
            : ProtoEdits.Apply(bytes, edit), ReadModel, bytes => (20L * bytes.Length) + MostOfModels,
            typeof(OnnxException)),
        new("npy", [.. Golden("*.npy")], NpyEdits.Apply,
            (bytes, folder) => NpyFile.Read<float>(Write(folder, "a.npy", bytes)), Plain, typeof(DataException)),
        new("npz", [.. Golden("*.npz"), .. Datasets], ZipEdits.Apply, ReadArchive, Compressed, typeof(DataException)),
        new("csv", [Table, .. Tables], ApplyText, ReadTable, Plain,
            typeof(DataException)),
        new("idx", [Images], ByteEdits.Apply, ReadImages, Plain, typeof(DataException)),
        new("gz", [.. new[] { Table, Images, Golden("version1.npy").First() }.Select(TemporaryFolder.Gzip)],
            ByteEdits.Apply, ReadCompressed, Compressed, typeof(DataException)),
    }.ToDictionary(target => target.Name);

    private static byte[] Images =>
        [0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2, .. Enumerable.Range(0, 24).Select(i => (byte)(i * 11))];

    private static IEnumerable<byte[]> Tables => Texts.Select(Encoding.UTF8.GetBytes);

    /// <summary>A data set of two arrays, deflated and not.</summary>
    private static IEnumerable<byte[]> Datasets
    {
        get
        {
            foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal })
            {
                using var memory = new MemoryStream();
                using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
                {
                    using (var x = archive.CreateEntry("x.npy", level).Open())
                        NpyFile.Write<float>(x, new Shape(12, 3), [.. Enumerable.Range(0, 36).Select(i => (float)i)]);
                    using (var y = archive.CreateEntry("y.npy", level).Open())
                        NpyFile.Write<long>(y, new Shape(12), [.. Enumerable.Range(0, 12).Select(i => (long)i % 3)]);
                }
                yield return memory.ToArray();
            }
        }
    }

    private static long Plain(byte[] bytes) => (20L * bytes.Length) + Fixed;

    // Deflate makes 1,032 bytes of one at most.
    private static long Compressed(byte[] bytes) => (3 * 1032L * bytes.Length) + Fixed;

    private static IEnumerable<byte[]> Golden(string pattern) => Directory.GetFiles(
        Path.Combine(AppContext.BaseDirectory, "Goldens", "Npy"), pattern).Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);

    private static byte[] ApplyText(byte[] bytes, Edit edit) => edit.Kind % 4 == 0
        ? ByteEdits.Apply(bytes, edit)
        : Encoding.Latin1.GetBytes(TextEdits.Apply(Encoding.Latin1.GetString(bytes), edit));

    private static void ReadModel(byte[] bytes, string folder)
    {
        var model = OnnxModel.Parse(bytes, "model", Limits);
        // What learns is a vertex, what does not is computed.
        var everything = (bytes.Length + bytes[^1]) % 2 == 0;
        var symbols = model.Inputs.SelectMany(i => i.Dimensions ?? []).Select(d => d.Symbol).OfType<string>()
            .Distinct(StringComparer.Ordinal);
        var isOpen = model.Inputs.Any(i => i.Dimensions is [{ Extent: null }, ..]);
        foreach (var output in model.Outputs.Take(2))
        {
            OnnxImport.ToGraph<float>(model, new OnnxImportOptions
            {
                BatchSize = isOpen ? 2 : null,
                Dimensions = symbols.ToDictionary(symbol => symbol, _ => 2),
                Frozen = everything && model.FloatTensors.Count > 0 ? ["*"] : [],
                Output = output.Name,
            });
        }
    }

    private static void ReadArchive(byte[] bytes, string folder)
    {
        var path = Write(folder, "a.npz", bytes);
        NpzFile.Read(path);
        Load(path, bytes);
    }

    private static void ReadTable(byte[] bytes, string folder) =>
        Load(Write(folder, bytes.Contains((byte)'\t') ? "a.tsv" : "a.csv", bytes), bytes);

    private static void ReadImages(byte[] bytes, string folder)
    {
        Write(folder, "train-images-idx3-ubyte", bytes);
        if (!File.Exists(Path.Combine(folder, "train-labels-idx1-ubyte")))
            Write(folder, "train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 2, 0, 1, 2]);
        Load(folder, bytes);
    }

    private static void ReadCompressed(byte[] bytes, string folder)
    {
        Exception? first = null;
        foreach (var name in new[] { "a.csv.gz", "a.npy.gz" })
        {
            try
            {
                var path = Write(folder, name, bytes);
                if (name == "a.npy.gz") NpyFile.Read<float>(path);
                else Load(path, bytes);
            }
            catch (DataException e)
            {
                first ??= e;
            }
        }
        if (first is not null) throw first;
    }

    // What is asked for of a file depends on its length, so that it is the same for the same file.
    private static void Load(string path, byte[] bytes) =>
        DatasetLoader.Load<float>(path, Options[bytes.Length % Options.Length]);

    private static string Write(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
