using System.IO.Compression;
using PcActors.Data;
using PcActors.Data.Npy;

namespace PcActors.Tests.Data;

/// <summary>Mutation: files cut after every byte, and with every byte changed.</summary>
public class DamageMutations
{
    private const string Csv = "a,b,label\n1.5,2,0\n-3,4e2,1\n5,6,0\n7,8,1\n9,10,0\n11,12,1\n13,14,1\n";

    public static TheoryData<string> Formats => ["idx", "idx.gz", "csv.gz", "npz", "npz-deflated", "npy", "npy.gz"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_cut_anywhere_is_refused(string format)
    {
        using var folder = new TemporaryFolder();
        var (path, bytes, read) = Make(folder, format);
        read();
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            var message = Assert.Throws<DataException>(read).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_changed_byte_is_refused_or_read_and_never_anything_else(string format)
    {
        using var folder = new TemporaryFolder();
        var (path, bytes, read) = Make(folder, format);
        byte[] changes = [0xFF, 0x01, 0x80, 0x10, 0x7E];
        for (var position = 0; position < bytes.Length; position++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[position] ^= changes[position % changes.Length];
            File.WriteAllBytes(path, damaged);
            var thrown = Record.Exception(read);
            Assert.True(thrown is null or DataException, $"byte {position} is {damaged[position]}: {thrown}");
        }
    }

    [Fact]
    public void A_plain_csv_file_cut_anywhere_is_refused_or_read_and_never_anything_else()
    {
        using var folder = new TemporaryFolder();
        for (var length = 0; length < Csv.Length; length++)
        {
            var path = folder.Write("a.csv", Csv[..length]);
            Assert.True(Record.Exception(() => DatasetLoader.Load<float>(path)) is null or DataException);
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void A_changed_element_in_an_archive_is_noticed(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        var bytes = Archive(level);
        // The elements lie far from the names and headers around them: within the second half of the only entry.
        bytes[^150] ^= 0x10;
        var path = folder.Write("a.npz", bytes);
        Assert.Contains(path, Assert.Throws<DataException>(() => NpzFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static (string Path, byte[] Bytes, Action Read) Make(TemporaryFolder folder, string format)
    {
        var random = new byte[2 * 3 * 4];
        for (var i = 0; i < random.Length; i++) random[i] = (byte)(i * 37);
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. random];
        var npy = File.ReadAllBytes(Golden.Npy("version1.npy"));
        folder.Write("train-labels-idx1-ubyte", 0, 0, 8, 1, 0, 0, 0, 2, 0, 1);
        folder.Write("t10k-labels-idx1-ubyte", 0, 0, 8, 1, 0, 0, 0, 2, 0, 1);
        if (format.StartsWith("idx", StringComparison.Ordinal)) folder.Write("t10k-images-idx3-ubyte", images);
        var (name, bytes) = format switch
        {
            "idx" => ("train-images-idx3-ubyte", images),
            "idx.gz" => ("train-images-idx3-ubyte.gz", TemporaryFolder.Gzip(images)),
            "csv.gz" => ("a.csv.gz", TemporaryFolder.Gzip(System.Text.Encoding.ASCII.GetBytes(Csv))),
            "npz" => ("a.npz", File.ReadAllBytes(Golden.Npy("xy.npz"))),
            "npz-deflated" => ("a.npz", File.ReadAllBytes(Golden.Npy("keras.npz"))),
            "npy" => ("a.npy", npy),
            _ => ("a.npy.gz", TemporaryFolder.Gzip(npy)),
        };
        var path = folder.Write(name, bytes);
        return (path, bytes, name.Contains("npy", StringComparison.Ordinal)
            ? () => NpyFile.Read<float>(path)
            : () => DatasetLoader.Load<float>(format.StartsWith("idx", StringComparison.Ordinal) ? folder.Path : path));
    }

    private static byte[] Archive(CompressionLevel level)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("x.npy", level).Open();
            var elements = new double[64];
            for (var i = 0; i < elements.Length; i++) elements[i] = Math.Sqrt(i + 0.1);
            NpyFile.Write<double>(entry, new PcActors.Tensors.Shape(elements.Length), elements);
        }
        return memory.ToArray();
    }
}
