namespace PcActors.Tests.Tensors.Kernels;

/// <summary>The stated accuracy, against double precision for floats and against power series to 300 bits for
/// doubles.</summary>
public sealed class TranscendentalAccuracy
{
    public static TheoryData<string> Functions => [.. TranscendentalFunction.All.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Floats_all_over_their_range_are_within_the_stated_error(string name)
    {
        // A step coprime to every exponent's number of floats: all exponents, subnormal
        // numbers, both signs, infinities, NaN.
        const int Step = 9973;
        var x = Enumerable.Range(0, (int)((1L << 32) / Step))
            .Select(index => BitConverter.Int32BitsToSingle((int)(uint)((long)index * Step))).ToArray();
        AssertAccurate(name, x);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Floats_of_usual_size_are_within_the_stated_error(string name)
    {
        var random = new Random(3);
        AssertAccurate(name, [.. Enumerable.Range(0, 200_000).Select(_ => (float)((random.NextDouble() * 24) - 12))]);
        AssertAccurate(name, [.. Enumerable.Range(0, 200_000).Select(_ => (float)((random.NextDouble() * 210) - 105))]);
        AssertAccurate(name, [.. Enumerable.Range(0, 100_000).Select(_ => (float)(1 + (random.NextDouble() * 0.1)))]);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Doubles_are_within_the_stated_error(string name)
    {
        var function = TranscendentalFunction.All[name];
        var random = new Random(4);
        double[] x =
        [
            .. Enumerable.Range(0, 1500).Select(_ => (random.NextDouble() * 50) - 25),
            .. Enumerable.Range(0, 1500).Select(_ => (random.NextDouble() * 1454) - 745),
            .. Enumerable.Range(0, 1500).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-58, 10))),
            .. Enumerable.Range(0, 500).Select(_ => 1 + Math.ScaleB(random.NextDouble() - 0.5, random.Next(-50, 0))),
        ];
        if (name == "Log")
            x = [.. x.Select(Math.Abs),
                .. Enumerable.Range(0, 2000)
                    .Select(_ => Math.ScaleB(1 + random.NextDouble(), random.Next(-1080, 1024)))];
        // Tested exactly elsewhere: 0, 1, and numbers too small for the oracle.
        x = [.. x.Where(value => value is not (0 or 1) && Math.Abs(value) is >= 1e-17 or < 1e-100)];
        if (name == "Exp") x = [.. x.Where(value => value < 709.78)];

        var y = function.Of(x);
        for (var i = 0; i < x.Length; i++)
        {
            var ulps = function.Exact(x[i]).UlpsTo(y[i]);
            Assert.True(ulps <= function.Ulps, $"{name}({x[i]:R}) = {y[i]:R} is {ulps} ulp off");
        }
    }

    [Fact]
    public void The_oracle_agrees_with_known_constants()
    {
        Assert.True(Exact.Exp(1).UlpsTo(Math.E) <= 0.5);
        Assert.True(Exact.Log(2).UlpsTo(0.6931471805599453) <= 0.5);
        Assert.True(Exact.Log(0.5).UlpsTo(-0.6931471805599453) <= 0.5);
        Assert.True(Exact.Tanh(-1).UlpsTo(-0.7615941559557649) <= 0.5);
        Assert.True(Exact.Sigmoid(-1).UlpsTo(0.2689414213699951) <= 0.5);
        Assert.True(Exact.Sigmoid(-1).UlpsTo(0.2689414213699951 + 1e-15) > 10);
    }

    private static void AssertAccurate(string name, float[] x)
    {
        var function = TranscendentalFunction.All[name];
        var y = function.Of(x);
        for (var i = 0; i < x.Length; i++)
        {
            var exact = function.Reference(x[i]);
            var nearest = (float)exact;
            if (!float.IsFinite(nearest))
            {
                Assert.True(y[i].Equals(nearest), $"{name}({x[i]:R}) = {y[i]:R}, not {nearest}");
                continue;
            }
            var ulp = Math.ScaleB(1, Math.Max(exact == 0 ? -149 : Math.ILogB(exact) - 23, -149));
            var ulps = Math.Abs(y[i] - exact) / ulp;
            Assert.True(ulps <= function.Ulps, $"{name}({x[i]:R}) = {y[i]:R} is {ulps} ulp off");
            Assert.True(exact != 0 || BitConverter.SingleToInt32Bits(y[i]) == BitConverter.SingleToInt32Bits(nearest));
        }
    }
}
