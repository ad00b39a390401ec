using System.Text;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class NpyMutations
{
    [Theory]
    [InlineData("complex.npy", "'c8'")]
    [InlineData("object.npy", "'O'")]
    [InlineData("record.npy", "no simple element type")]
    public void Types_that_are_not_read_are_named(string file, string found) => Refused(Golden.Npy(file), found, "f4");

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }", "(-1, 4)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "(99999999999,)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }", "2^31 - 1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }", "8000000000 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", "20 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "more bytes follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 4, }", "no shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (4,), }", "no fortran_order")]
    [InlineData("{'descr': '<f9', 'fortran_order': False, 'shape': (4,), }", "'f9'")]
    [InlineData("{'descr': '<f4\n', 'fortran_order': False, 'shape': (4,), }", "'f4?'")]
    [InlineData("{}", "element type")]
    public void Headers_that_do_not_fit_the_file_are_refused_with_what_they_say(string header, string found)
    {
        using var folder = new TemporaryFolder();
        Refused(folder.Write("bad.npy", [.. Prefix(header), .. new byte[16]]), found);
    }

    [Fact]
    public void A_dimension_of_Python_2_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("old.npy",
            [.. Prefix("{'descr': '<f4', 'fortran_order': False, 'shape': (4L,), }"), .. new byte[16]]);
        Assert.Equal(new Shape(4), NpyFile.Read(path).Shape);
    }

    [Fact]
    public void Other_files_and_versions_are_refused()
    {
        using var folder = new TemporaryFolder();
        Refused(folder.Write("text.npy", "1,2,3\n4,5,6\n"), "begins with the bytes 312C322C330A");
        Refused(folder.Write("new.npy", [0x93, .. "NUMPY"u8, 4, 0, 10, 0, .. new byte[40]]), "version is 4.0");
        Refused(folder.Write("empty.npy", ""), "empty");
        Refused(folder.PathOf("missing.npy"), "no such file");
        Refused(folder.Path, "folder");
        Refused(folder.Write("plain.npy.gz", [0x93, .. "NUMPY"u8, .. new byte[40]]), "not a gzip file");
        Refused(folder.Write("packed.npy", TemporaryFolder.Gzip(new byte[40])), "gzip", ".gz");
    }

    [Fact]
    public void Numbers_that_the_wanted_type_does_not_hold_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("large.npy");
        NpyFile.Write<double>(path, new Shape(2), [1, 1e39]);
        Assert.Equal(1e39, NpyFile.Read<double>(path).Span[1]);
        Refusal.Of(() => NpyFile.Read<float>(path), path, "element 1 is 1E+39", "Single");
        NpyFile.Write<ulong>(path, new Shape(2), [1, 1UL << 63]);
        Refusal.Of(() => NpyFile.Read(path).ToIntegers(), path, "9223372036854775808");
        Refusal.Of(() => NpyFile.Read(Golden.Npy("vector.npy")).ToIntegers(), "vector.npy", "'f8'", "integers");
        Assert.Throws<InvalidOperationException>(() => NpyFile.Read(path).Elements<double>().Length);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "nowhere", "a.npy");
        Refusal.Of(() => NpyFile.Write(path, Tensor<float>.Scalar(1)), path, "cannot be written");
    }

    [Fact]
    public void More_axes_than_NumPy_has_are_refused()
    {
        using var folder = new TemporaryFolder();
        var shape = string.Concat(Enumerable.Repeat("1, ", 65));
        Refused(folder.Write("bad.npy",
            [.. Prefix($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}"), .. new byte[4]]),
            "65 axes");
    }

    private static byte[] Prefix(string header) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)];

    private static void Refused(string path, params string[] words) =>
        Refusal.Of(() => NpyFile.Read(path), [path, .. words]);
}
