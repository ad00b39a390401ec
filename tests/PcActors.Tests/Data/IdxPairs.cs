using System.Buffers.Binary;
using PcActors.Data;
using PcActors.Data.Files;

namespace PcActors.Tests.Data;

/// <summary>Golden: IDX files that are named one by one, of any element type; a folder whose files have longer
/// names.</summary>
public sealed class IdxPairs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0x08, 1)]
    [InlineData(0x09, 1)]
    [InlineData(0x0B, 2)]
    [InlineData(0x0C, 4)]
    public void Whole_numbers_of_any_size_are_read_and_bytes_are_255ths(byte type, int size)
    {
        var images = _folder.Write("a.idx",
            Idx(type, [6, 1, 2], [.. Enumerable.Range(0, 12).SelectMany(i => Big(i, size))]));
        var labels = _folder.Write("b.idx", Idx(8, [6], [0, 1, 0, 1, 0, 1]));
        var (train, test) = DatasetLoader.Load<double>($"{images},{labels}");
        Assert.Equal((5, 1), (train.Count, test.Count));
        double[] all = [.. train.Features.Span, .. test.Features.Span];
        Array.Sort(all);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (double)i), all);
    }

    [Fact]
    public void Both_files_are_written_down_with_their_whole_paths()
    {
        var images = _folder.Write("a.idx", Idx(8, [6, 1, 2], new byte[12]));
        var here = Directory.GetCurrentDirectory();
        var name = Path.GetRelativePath(here, images);
        Assert.Equal($"{images},{Path.Combine(here, "b.idx")}", IdxFiles.WithFullPaths($"{name},b.idx"));
        Assert.Equal(images, IdxFiles.WithFullPaths(name));
        Assert.Equal("nothing,there", IdxFiles.WithFullPaths("nothing,there"));
        Assert.Equal([images, "b.idx"], DatasetLoader.FilesOf($"{images},b.idx"));
    }

    [Fact]
    public void Labels_beside_images_are_found_compressed_or_not()
    {
        var images = _folder.Write("my-train-images-idx3-ubyte.gz",
            TemporaryFolder.Gzip(Idx(8, [6, 1, 2], new byte[12])));
        _folder.Write("my-train-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(Idx(8, [6], [0, 1, 0, 1, 0, 1])));
        Assert.Equal(2, DatasetLoader.Load<float>(images).Train.ClassCount);
        Assert.Equal(2, DatasetLoader.Load<float>(Path.GetDirectoryName(images)).Train.ClassCount);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var images = _folder.Write("a.idx", Idx(8, [6, 1, 2], new byte[12]));
        var labels = _folder.Write("b.idx", Idx(8, [6], [0, 1, 0, 1, 0, 1]));
        var few = _folder.Write("c.idx", Idx(8, [5], [0, 1, 0, 1, 0]));
        var complex = _folder.Write("d.idx", Idx(0x10, [6, 1, 2], new byte[12]));
        Refusal.Of(() => DatasetLoader.Load<float>(images), images, "labels are not beside it", "comma");
        Refusal.Of(() => DatasetLoader.Load<float>($"{labels},{images}"), labels, images, "images comes first");
        Refusal.Of(() => DatasetLoader.Load<float>($"{images},{few}"), few, "5 labels for the 6 images");
        Refusal.Of(() => DatasetLoader.Load<float>($"{complex},{labels}"), complex, "type 0x10");
        Refusal.Of(() => DatasetLoader.Load<float>($"{images},{_folder.PathOf("no.idx")}"), "no.idx", "no such file");
    }

    private static byte[] Idx(byte type, int[] extents, byte[] elements)
    {
        var bytes = new List<byte> { 0, 0, type, (byte)extents.Length };
        foreach (var extent in extents) bytes.AddRange(Big(extent, 4));
        return [.. bytes, .. elements];
    }

    private static byte[] Big(int number, int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes[^size..];
    }
}
