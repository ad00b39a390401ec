using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using PcActors.Tensors;
using PcNode.Drawing;

namespace PcNode.Tests;

/// <summary>PNG files against a reader of their own, written from the format's specification, and pictures of samples
/// against points worked out by hand.</summary>
public class PngFiles
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(28, 28, 1)]
    [InlineData(7, 300, 3)]
    [InlineData(1_000, 3, 1)]
    public void What_is_written_is_read(int width, int height, int channels)
    {
        var random = new SeededRandom((ulong)(width + height), "points");
        var points = new byte[width * height * channels];
        foreach (ref var point in points.AsSpan()) point = (byte)random.NextInt(256);
        var picture = new Picture(width, height, channels, points);
        var read = Read(picture);
        Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(points, read.Points);
    }

    // The example of the PNG specification's appendix: the CRC of an empty IEND chunk is AE426082.
    [Fact]
    public void The_end_is_the_known_one()
    {
        using var stream = new MemoryStream();
        Png.Write(stream, new Picture(1, 1, 1, [7]));
        Assert.Equal("0000000049454E44AE426082", Convert.ToHexString(stream.ToArray()[^12..]));
    }

    [Fact]
    public void Numbers_become_shades_between_black_and_white()
    {
        float[] values = [-1, 0, 0.5f, 1, 2, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.25f];
        var picture = Picture.Of<float>(values, new Shape(3, 3), black: 0, white: 1);
        Assert.Equal([0, 0, 128, 255, 255, 0, 255, 0, 64], picture.Points);
        // Black may be above white: the picture is its negative.
        Assert.Equal([255, 128, 0], Picture.Of<float>([0, 0.5f, 1], new Shape(3), black: 1, white: 0).Points);
    }

    [Fact]
    public void Channels_stand_side_by_side()
    {
        double[] planes = [10, 20, 30, 40, 50, 60];
        var picture = Picture.Of<double>(planes, new Shape(3, 1, 2), 0, 255);
        Assert.Equal((2, 1, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal([10, 30, 50, 20, 40, 60], picture.Points);
        Assert.Equal(picture.Points, Read(picture).Points);
    }

    [Theory]
    [InlineData(new[] { 64 }, 8, 8)]
    [InlineData(new[] { 784 }, 28, 28)]
    [InlineData(new[] { 10 }, 10, 1)]
    [InlineData(new[] { 3, 5 }, 5, 3)]
    [InlineData(new[] { 1, 3, 5 }, 5, 3)]
    public void A_sample_has_the_form_of_its_shape(int[] shape, int width, int height)
    {
        var sample = new Shape(shape);
        var picture = Picture.Of<float>(new float[sample.Length], sample, 0, 1);
        Assert.Equal((width, height, 1), (picture.Width, picture.Height, picture.Channels));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 2, 3, 5 })]
    [InlineData(new[] { 1, 3, 5, 5 })]
    public void What_is_no_picture_is_refused(int[] shape)
    {
        var sample = new Shape(shape);
        var refusal = Assert.Throws<ShapeException>(
            () => Picture.Of<float>(new float[sample.Length], sample, 0, 1));
        Assert.Contains($"a sample of shape {sample} is no picture", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_has_its_pictures_in_rows()
    {
        var (one, other) = (new Picture(2, 1, 1, [1, 2]), new Picture(2, 1, 1, [3, 4]));
        var grid = ImageGrid.Of([[one, other], [other]], zoom: 1, gap: 1);
        const byte o = 255;
        Assert.Equal((7, 5, 1), (grid.Width, grid.Height, grid.Channels));
        Assert.Equal(
            [
                o, o, o, o, o, o, o,
                o, 1, 2, o, 3, 4, o,
                o, o, o, o, o, o, o,
                o, 3, 4, o, o, o, o,
                o, o, o, o, o, o, o,
            ], Read(grid).Points);
        var large = ImageGrid.Of([[one]], zoom: 2, gap: 0);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2], large.Points);
        // Beside a coloured picture a grey one is grey.
        Assert.Equal([5, 6, 7, 9, 9, 9],
            ImageGrid.Of([[new Picture(1, 1, 3, [5, 6, 7]), new Picture(1, 1, 1, [9])]], zoom: 1, gap: 0).Points);
    }

    [Fact]
    public void A_grid_of_several_sizes_or_of_nothing_is_refused()
    {
        Assert.Contains("2 x 1 stands beside one of 1 x 1", Assert.Throws<ArgumentException>(
            () => ImageGrid.Of([[new Picture(1, 1, 1, [1])], [new Picture(2, 1, 1, [1, 2])]])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ImageGrid.Of([]));
    }

    private static Picture Read(Picture picture)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, picture);
        var file = stream.ToArray();
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(file[..8]));
        var chunks = new List<(string Name, byte[] Content)>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var named = file[(at + 4)..(at + 8 + length)];
            Assert.Equal(Crc(named), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(named[..4]), named[4..]));
            at += 12 + length;
        }
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(c => c.Name));
        var header = chunks[0].Content;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header),
            BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.Equal([0, 0, 0], header[10..]);
        Assert.Equal(8, header[8]);
        var channels = header[9] switch { 0 => 1, 2 => 3, _ => 0 };
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Content), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var bytes = rows.ToArray();
        var row = 1 + (width * channels);
        Assert.Equal(row * height, bytes.Length);
        Assert.All(Enumerable.Range(0, height), y => Assert.Equal(0, bytes[y * row]));
        return new Picture(width, height, channels, [.. bytes.Where((_, i) => i % row != 0)]);
    }

    /// <summary>The specification's CRC: x^32 + x^26 + ... + 1, bit by bit.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
