using PcActors.Tensors;

namespace PcActors.Tests.Tensors;

public class SeededRandomProperties
{
    [Fact]
    public void Seeds_purposes_and_indices_all_change_the_sequence()
    {
        var first = new[]
        {
            new SeededRandom(1), new SeededRandom(2), new SeededRandom(1, "weights"), new SeededRandom(1, "weights", 1),
            new SeededRandom(1, "epoch"), new SeededRandom(1, "epoch", 1), new SeededRandom(2, "epoch"),
            new SeededRandom(0, "epoch", 1),
        };
        Assert.Distinct(first.Select(random => random.NextUInt64()));
    }

    [Fact]
    public void Integers_below_a_bound_are_equally_likely_even_where_2_to_the_32_is_no_multiple_of_it()
    {
        // 2^32 is 8/3 of the bound. A remainder would put half of the samples in the lowest
        // third; a scaled product without rejection would give two residues modulo 3 three chances in
        // eight each and the third only two.
        const int Third = 1 << 29;
        const int Samples = 30_000;
        var random = new SeededRandom(5);
        var (thirds, residues) = (new int[3], new int[3]);
        for (var i = 0; i < Samples; i++)
        {
            var sample = random.NextInt(3 * Third);
            thirds[sample / Third]++;
            residues[sample % 3]++;
        }
        // The standard deviation of a count is 82.
        Assert.All(thirds, count => Assert.InRange(count, 9_600, 10_400));
        Assert.All(residues, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Integers_stay_below_their_bound(int bound)
    {
        var random = new SeededRandom(9);
        for (var i = 0; i < 1000; i++) Assert.InRange(random.NextInt(bound), 0, bound - 1);
    }

    [Fact]
    public void A_bound_that_is_not_positive_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).NextInt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).NextInt(-1));
    }

    [Fact]
    public void All_permutations_are_equally_likely()
    {
        // 24 permutations of four elements, 1,000 expected of each; chi-square with 23 degrees of
        // freedom exceeds 58 once in 13,000.
        var random = new SeededRandom(3);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            char[] letters = ['a', 'b', 'c', 'd'];
            random.Shuffle<char>(letters);
            var word = new string(letters);
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000), 0, 58);
    }

    [Fact]
    public void Normal_samples_have_the_normal_distributions_moments()
    {
        const int Samples = 100_000;
        var random = new SeededRandom(11);
        var moments = new double[5];
        for (var i = 0; i < Samples; i++)
        {
            var sample = random.NextGaussian();
            for (var power = 1; power <= 4; power++) moments[power] += Math.Pow(sample, power) / Samples;
        }
        // Five standard deviations of each estimate: sqrt(1, 2, 15, 96) / sqrt(Samples).
        Assert.InRange(moments[1], -0.016, 0.016);
        Assert.InRange(moments[2], 0.977, 1.023);
        Assert.InRange(moments[3], -0.062, 0.062);
        Assert.InRange(moments[4], 2.845, 3.155);
    }
}
