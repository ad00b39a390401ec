using System.Buffers.Binary;

namespace PcActors.Data.Files;

/// <summary>The checksum of gzip and zip files (RFC 1952, section 8), eight bytes at a time.</summary>
internal struct Crc32()
{
    private const int Slices = 8;
    private static readonly uint[][] Tables = BuildTables();
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of the bytes so far.</summary>
    public readonly uint Value => ~_state;

    /// <summary>Takes more bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            var low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
        }
        foreach (var value in bytes) state = Tables[0][(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
    }

    // Table k holds the effect of a byte that k zero bytes follow.
    private static uint[][] BuildTables()
    {
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                var entry = slice == 0 ? value : tables[slice - 1][value];
                for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320;
                tables[slice][value] = entry;
            }
        }
        return tables;
    }
}
