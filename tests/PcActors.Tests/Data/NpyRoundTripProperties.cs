using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class NpyRoundTripProperties
{
    [Fact]
    public void What_is_written_is_read_for_every_type()
    {
        RoundTrip(NpyType.Boolean, [true, false, true, true, false, false]);
        RoundTrip<sbyte>(NpyType.Int8, [sbyte.MinValue, -1, 0, 1, 2, sbyte.MaxValue]);
        RoundTrip<short>(NpyType.Int16, [short.MinValue, -1, 0, 1, 2, short.MaxValue]);
        RoundTrip(NpyType.Int32, [int.MinValue, -1, 0, 1, 2, int.MaxValue]);
        RoundTrip(NpyType.Int64, [long.MinValue, -1, 0, 1, 2, long.MaxValue]);
        RoundTrip<byte>(NpyType.UInt8, [0, 1, 2, 3, 4, byte.MaxValue]);
        RoundTrip<ushort>(NpyType.UInt16, [0, 1, 2, 3, 4, ushort.MaxValue]);
        RoundTrip<uint>(NpyType.UInt32, [0, 1, 2, 3, 4, uint.MaxValue]);
        RoundTrip<ulong>(NpyType.UInt64, [0, 1, 2, 3, 4, ulong.MaxValue]);
        RoundTrip(NpyType.Float16,
            [Half.MinValue, Half.Epsilon, Half.NaN, Half.NegativeZero, Half.PositiveInfinity, Half.One]);
        RoundTrip(NpyType.Float32, [float.MinValue, float.Epsilon, float.NaN, -0f, float.PositiveInfinity, 1f / 3]);
        RoundTrip(NpyType.Float64, [double.MinValue, double.Epsilon, double.NaN, -0d, double.PositiveInfinity, 1d / 3]);
    }

    [Fact]
    public void An_array_longer_than_the_writers_chunk_is_written_whole()
    {
        var elements = new int[100_003];
        for (var i = 0; i < elements.Length; i++) elements[i] = i;
        using var folder = new TemporaryFolder();
        NpyFile.Write<int>(folder.PathOf("long.npy"), new Shape(elements.Length), elements);
        Assert.Equal(elements, NpyFile.Read(folder.PathOf("long.npy")).Elements<int>().ToArray());
    }

    [Fact]
    public void A_compressed_file_is_read_by_its_name()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("v.npy.gz", TemporaryFolder.Gzip(File.ReadAllBytes(Golden.Npy("vector.npy"))));
        Assert.Equal([1.5, -2.5], NpyFile.Read(path).Elements<double>().ToArray());
    }

    [Fact]
    public void Elements_that_do_not_fill_the_shape_are_refused()
    {
        using var memory = new MemoryStream();
        Assert.Throws<ShapeException>(() => NpyFile.Write<int>(memory, new Shape(2, 2), [1, 2, 3]));
        Assert.Throws<NotSupportedException>(() => NpyFile.Write<Guid>(memory, new Shape(0), []));
    }

    private static void RoundTrip<TElement>(NpyType type, TElement[] elements)
        where TElement : unmanaged
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("a.npy");
        foreach (var shape in new[] { new Shape(6), new Shape(2, 3), new Shape(1, 3, 2, 1) })
        {
            NpyFile.Write<TElement>(path, shape, elements);
            var array = NpyFile.Read(path);
            Assert.Equal(type, array.Type);
            Assert.Equal(shape, array.Shape);
            Assert.Equal(elements, array.Elements<TElement>().ToArray());
            Assert.Equal(path, array.Source);
        }
    }
}
