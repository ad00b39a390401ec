using System.Buffers.Binary;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>An IDX file of unsigned bytes: 00 00 08, the rank, each extent as a big-endian 32-bit integer, the elements row-major.</summary>
/// <remarks>Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".</remarks>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>The elements and their shape.</summary>
    /// <param name="path">The file; compressed when its name ends in .gz.</param>
    /// <param name="rank">The rank that it should have.</param>
    /// <exception cref="DataException">It is not such a file, or not a whole one.</exception>
    public static (byte[] Elements, Shape Shape) Read(string path, int rank) => DataFile.Read(path, input =>
    {
        Span<byte> magic = stackalloc byte[4];
        input.Fill(magic, "the magic number");
        if (magic[0] != 0 || magic[1] != 0)
            throw input.Error($"it begins with the bytes {Convert.ToHexString(magic)}", $"an IDX file like this begins with 000008{rank:X2}");
        if (magic[2] != UnsignedByte)
            throw input.Error($"its elements have the type 0x{magic[2]:X2}", "only unsigned bytes, 0x08, are read");
        if (magic[3] != rank) throw input.Error($"its rank is {magic[3]}", $"it should be {rank}");

        Span<byte> bytes = stackalloc byte[4 * rank];
        input.Fill(bytes, "the header");
        var extents = new int[rank];
        long length = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * axis)..]);
            if (extents[axis] < 1) throw input.Error($"the header gives axis {axis} the extent {extents[axis]}", "it must be at least 1");
            length *= extents[axis];
            if (length > int.MaxValue) throw input.Error("the header promises more than 2^31 - 1 elements", "that is the most that can be read");
        }
        var elements = input.Take(length, "elements");
        input.RequireEnd();
        return (elements, new Shape(extents));
    });
}
