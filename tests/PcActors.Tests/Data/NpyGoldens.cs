using PcActors.Data.Npy;

namespace PcActors.Tests.Data;

/// <summary>Golden: files that NumPy has written (Goldens/Npy/make_npy.py), whose elements
/// follow its formulas.</summary>
public class NpyGoldens
{
    private static readonly Dictionary<string, Func<int, double>> Formulas = new()
    {
        ["b1"] = i => i % 3 == 0 ? 1 : 0,
        ["i1"] = i => (3 * i) - 20,
        ["i2"] = i => (1000 * i) - 9000,
        ["i4"] = i => (1e8 * i) - 1e9,
        ["i8"] = i => (i - 12) * Math.Pow(2, 59),
        ["u1"] = i => 11 * i,
        ["u2"] = i => 2800 * i,
        ["u4"] = i => 1.8e8 * i,
        ["u8"] = i => i * Math.Pow(2, 59),
        ["f2"] = i => (i / 8.0) - 1,
        ["f4"] = i => (i / 8.0) - 1,
        ["f8"] = i => (i / 8.0) - 1,
    };

    [Theory]
    [InlineData("types.npz")]
    [InlineData("types_compressed.npz")]
    public void Every_type_byte_order_and_layout_is_read_as_written(string file)
    {
        var arrays = NpzFile.Read(Golden.Npy(file));
        Assert.Equal(4 * Formulas.Count, arrays.Count);
        foreach (var (name, array) in arrays)
        {
            var formula = Formulas[name[..2]];
            Assert.Equal([2, 3, 4], array.Shape.Dimensions.ToArray());
            Assert.Equal(Enumerable.Range(0, 24).Select(formula), array.ToTensor<double>().Span.ToArray());
            Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)formula(i)),
                array.ToTensor<float>().Span.ToArray());
            if (name[0] is 'f' || name.StartsWith("u8", StringComparison.Ordinal)) continue;
            Assert.Equal(Enumerable.Range(0, 24).Select(i => (long)formula(i)), array.ToIntegers());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_is_read(int version)
    {
        var tensor = NpyFile.Read<float>(Golden.Npy($"version{version}.npy"));
        Assert.Equal([2, 3, 4], tensor.Shape.Dimensions.ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (i / 8f) - 1), tensor.Span.ToArray());
    }

    [Fact]
    public void Scalars_vectors_and_empty_arrays_keep_their_shape()
    {
        var scalar = NpyFile.Read(Golden.Npy("scalar.npy"));
        Assert.Equal(0, scalar.Shape.Rank);
        Assert.Equal([2.5], scalar.Elements<double>().ToArray());
        var vector = NpyFile.Read(Golden.Npy("vector.npy"));
        Assert.Equal([2], vector.Shape.Dimensions.ToArray());
        Assert.Equal([1.5, -2.5], vector.Elements<double>().ToArray());
        Assert.Equal([0, 3], NpyFile.Read(Golden.Npy("empty.npy")).Shape.Dimensions.ToArray());
    }

    [Fact]
    public void A_tensor_is_written_byte_for_byte_as_NumPy_writes_it()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "version1.npy", "vector.npy", "scalar.npy", "empty.npy" })
        {
            var array = NpyFile.Read(Golden.Npy(name));
            if (array.Type == NpyType.Float32) NpyFile.Write(folder.PathOf(name), array.ToTensor<float>());
            else NpyFile.Write(folder.PathOf(name), array.ToTensor<double>());
            Assert.Equal(File.ReadAllBytes(Golden.Npy(name)), File.ReadAllBytes(folder.PathOf(name)));
        }
    }
}
