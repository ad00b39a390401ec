using PcActors.Data;
using PcActors.Learning;
using PcActors.Tensors;
using PcActors.Weights;

namespace PcActors.Tests.Data;

public class StandardizationProperties
{
    [Theory]
    [InlineData(StandardizationKind.All)]
    [InlineData(StandardizationKind.Feature)]
    public void Features_have_mean_0_and_variance_1_and_are_undone(StandardizationKind kind)
    {
        var data = Draw();
        var done = Standardization.Of(data, kind)!;
        var standardized = done.Apply(data).Features;
        foreach (var columns in kind == StandardizationKind.All ? new int[][] { [0, 1] } : [[0], [1]])
        {
            var elements = columns.SelectMany(c => Column(standardized, c)).ToList();
            Assert.Equal(0, elements.Average(), 1e-10);
            Assert.Equal(1, elements.Average(e => e * e), 1e-10);
        }
        Assert.All(done.Undo(standardized).Span.ToArray().Zip(data.Features.Span.ToArray()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        var read = Standardization.Parse(done.ToJson());
        Assert.Equal((done.Kind, done.Samples), (read.Kind, read.Samples));
        Assert.Equal(done.Mean.Concat(done.Scale), read.Mean.Concat(read.Scale));
    }

    [Fact]
    public void A_feature_that_is_always_the_same_is_only_shifted()
    {
        var features = new Tensor<float>(new Shape(1000, 2));
        for (var i = 0; i < 1000; i++) (features.Writable[2 * i], features.Writable[(2 * i) + 1]) = (0.1f, i);
        var done = Standardization.Of(new Dataset<float>("d", features, [.. Enumerable.Repeat(0, 999), 1], 2),
            StandardizationKind.Feature)!;
        Assert.Equal(1, done.Scale[0]);
        Assert.All(Column(done.Apply(features), 0), x => Assert.Equal(0, x, 1e-9));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"Kind":"All","Mean":[0,1],"Scale":[1,1],"Samples":1}""")]
    [InlineData("""{"Kind":"All","Mean":[0],"Scale":[0],"Samples":1}""")]
    public void What_is_none_is_refused(string json) =>
        Assert.Throws<FormatException>(() => Standardization.Parse(json));

    [Theory]
    [InlineData(".safetensors")]
    [InlineData(".npz")]
    public void It_goes_with_weights_which_keep_their_bits_and_damage_is_refused(string extension)
    {
        using var folder = new TemporaryFolder();
        var (path, random) = (folder.PathOf($"w{extension}"), new SeededRandom(7));
        var value = Tensor<double>.From(new Shape(3, 2), [1, -0.0, Math.PI, double.Epsilon, 1e300, 5]);
        var done = Standardization.Of(Draw(), StandardizationKind.Feature)!;
        foreach (var standardization in new[] { done, null })
        {
            WeightFile.Save<double>(path, [new NamedTensor<double>("a/b.weight", value)], standardization);
            var read = WeightFile.Load<double>(path);
            Assert.Equal(value.Span.ToArray().Select(BitConverter.DoubleToInt64Bits),
                read.Values["a/b.weight"].Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal((standardization?.ToJson(), true), (read.Standardization?.ToJson(), read.SaysStandardization));
        }
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < 400; i++)
        {
            var damaged = bytes.ToArray();
            if (i % 4 == 0) damaged = damaged[..random.NextInt(damaged.Length)];
            else damaged[random.NextInt(damaged.Length)] ^= (byte)(1 + random.NextInt(255));
            File.WriteAllBytes(path, damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(Record.Exception(() => WeightFile.Load<double>(path)) is null or DataException, $"turn {i}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    private static Dataset<double> Draw()
    {
        var random = new SeededRandom(5);
        var features = new Tensor<double>(new Shape(100, 2));
        for (var i = 0; i < 100; i++)
        {
            features.Writable[2 * i] = 5 + (3 * random.NextGaussian());
            features.Writable[(2 * i) + 1] = -100 + (40 * random.NextGaussian());
        }
        return new Dataset<double>("drawn", features, [.. Enumerable.Range(0, 100).Select(i => i % 2)], 2);
    }

    private static IEnumerable<double> Column<T>(Tensor<T> samples, int column)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        samples.Span.ToArray().Where((_, i) => i % 2 == column).Select(double.CreateTruncating);
}
