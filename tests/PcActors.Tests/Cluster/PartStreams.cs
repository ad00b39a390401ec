using PcActors.Cluster.Checkpoints;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>Property: what is written into rows of a database, in pieces of any size, is read from them, in
/// pieces of any size.</summary>
public class PartStreams
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 24)]
    [InlineData((1 << 24) + 1)]
    [InlineData(40_000_000)]
    public void What_is_written_is_read(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 31 >> 3);
        var random = new SeededRandom((ulong)length, "pieces");
        using var written = new PartStream([]);
        for (var place = 0; place < length;)
        {
            var count = Math.Min(length - place, 1 + random.NextInt(7_000_000));
            written.Write(bytes.AsSpan(place, count));
            place += count;
        }
        Assert.Equal(length, written.Length);
        Assert.All(written.Parts, part => Assert.InRange(part.Length, 1, 1 << 24));
        using var read = new PartStream([.. written.Parts]);
        Assert.Equal(length, read.Length);
        for (var place = 0; place < length;)
        {
            var piece = new byte[Math.Min(length - place, 1 + random.NextInt(7_000_000))];
            read.ReadExactly(piece);
            Assert.True(piece.AsSpan().SequenceEqual(bytes.AsSpan(place, piece.Length)));
            place += piece.Length;
        }
        Assert.Equal(0, read.Read(new byte[1]));
    }
}
