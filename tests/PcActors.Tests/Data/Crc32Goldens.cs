using PcActors.Data.Files;

namespace PcActors.Tests.Data;

/// <summary>Golden: the check value of CRC-32 in the catalogue of parametrised CRC algorithms.</summary>
public class Crc32Goldens
{
    [Fact]
    public void The_check_value_comes_out_however_the_bytes_are_cut()
    {
        for (var cut = 0; cut <= 9; cut++)
        {
            var checksum = new Crc32();
            checksum.Append("123456789"u8[..cut]);
            checksum.Append("123456789"u8[cut..]);
            Assert.Equal(0xCBF43926, checksum.Value);
        }
        Assert.Equal(0u, new Crc32().Value);
    }
}
