using System.Buffers.Binary;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>An IDX file: 00 00, the element type, the rank, each extent as a big-endian 32-bit integer, the
/// elements row-major and big-endian.</summary>
/// <remarks>Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".</remarks>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;
    private const int HighestRank = 8;

    private static readonly Dictionary<byte, NpyType> Types = new()
    {
        [UnsignedByte] = NpyType.UInt8,
        [0x09] = NpyType.Int8,
        [0x0B] = NpyType.Int16,
        [0x0C] = NpyType.Int32,
        [0x0D] = NpyType.Float32,
        [0x0E] = NpyType.Float64,
    };

    /// <summary>A file of any element type and rank.</summary>
    /// <param name="path">The file; compressed when its name ends in .gz.</param>
    /// <exception cref="DataException">It is not such a file, or not a whole one.</exception>
    public static NpyArray Read(string path) => DataFile.Read(path, input =>
    {
        var (type, rank) = Magic(input, null);
        if (!Types.TryGetValue(type, out var elementType))
            throw input.Error($"its elements have the type 0x{type:X2}",
                $"the types {string.Join(", ", Types.Keys.Select(t => $"0x{t:X2}"))} are read");
        if (rank is 0 or > HighestRank)
            throw input.Error($"its rank is {rank}", $"it should lie in [1, {HighestRank}]");
        var shape = Extents(input, rank);
        var elements = input.Take((long)shape.Length * elementType.Size(), "elements");
        input.RequireEnd();
        if (BitConverter.IsLittleEndian) NpyFile.ReverseBytes(elements, elementType.Size());
        return new NpyArray(path, shape, elementType, elements);
    });

    /// <summary>The elements of a file of unsigned bytes, and their shape.</summary>
    /// <param name="path">The file; compressed when its name ends in .gz.</param>
    /// <param name="rank">The rank that it should have.</param>
    /// <exception cref="DataException">It is not such a file, or not a whole one.</exception>
    public static (byte[] Elements, Shape Shape) Read(string path, int rank) => DataFile.Read(path, input =>
    {
        var (type, found) = Magic(input, rank);
        if (type != UnsignedByte)
            throw input.Error($"its elements have the type 0x{type:X2}", "only unsigned bytes, 0x08, are read");
        if (found != rank) throw input.Error($"its rank is {found}", $"it should be {rank}");
        var shape = Extents(input, rank);
        var elements = input.Take(shape.Length, "elements");
        input.RequireEnd();
        return (elements, shape);
    });

    private static (byte Type, int Rank) Magic(DataInput input, int? rank)
    {
        Span<byte> magic = stackalloc byte[4];
        input.Fill(magic, "the magic number");
        if (magic[0] != 0 || magic[1] != 0)
            throw input.Error($"it begins with the bytes {Convert.ToHexString(magic)}",
                rank is { } wanted ? $"an IDX file like this begins with 000008{wanted:X2}"
                    : "an IDX file begins with 0000");
        return (magic[2], magic[3]);
    }

    private static Shape Extents(DataInput input, int rank)
    {
        var bytes = new byte[4 * rank];
        input.Fill(bytes, "the header");
        var extents = new int[rank];
        long length = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 * axis));
            if (extents[axis] < 1)
                throw input.Error($"the header gives axis {axis} the extent {extents[axis]}", "it must be at least 1");
            length *= extents[axis];
            if (length > int.MaxValue)
                throw input.Error("the header promises more than 2^31 - 1 elements",
                    "that is the most that can be read");
        }
        return new Shape(extents);
    }
}
