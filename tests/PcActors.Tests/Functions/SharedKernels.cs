using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Sharing;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Functions;

/// <summary>What several threads make of a function is what one makes of it, bit for bit.</summary>
public sealed class SharedKernels
{
    public static TheoryData<string> Cases => FunctionProperties.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_function_has_the_same_bits_on_any_number_of_threads(string name)
    {
        Check<float>(name);
        Check<double>(name);
    }

    [Theory]
    [InlineData(37, 250, 300)]
    [InlineData(250, 20, 513)]
    [InlineData(1, 500, 40)]
    public void A_product_has_the_same_bits_on_any_number_of_threads(int m, int n, int k)
    {
        var random = new Random(3);
        float[] a = [.. Enumerable.Range(0, m * k).Select(_ => random.NextSingle() - 0.5f)];
        float[] b = [.. Enumerable.Range(0, k * n).Select(_ => random.NextSingle() - 0.5f)];
        float[] c = [.. Enumerable.Range(0, m * n).Select(_ => random.NextSingle())];
        var expected = Products();
        foreach (var threads in new[] { 2, 3, 5 })
        {
            var actual = OnThreads(threads, Products);
            Bits.AssertEqual<float>(expected, actual, $"{threads} threads");
        }

        float[] Products()
        {
            var (stored, added, updated) = (new float[m * n], c.ToArray(), new float[m * n]);
            MatrixProduct.Multiply<float>(m, n, k, a, k, 1, b, n, 1, stored, n);
            MatrixProduct.Multiply<float>(m, n, k, a, 1, m, b, 1, k, added, n, accumulate: true);
            MatrixProduct.MultiplyUpdate<float>(m, n, k, a, k, 1, b, n, 1, c, 0.1f, updated, n);
            return [.. stored, .. added, .. updated];
        }
    }

    // Elements that have rules of their own change nothing for their neighbours.
    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(2.5)]
    public void Roots_have_the_same_bits_whatever_stands_beside_them(double exponent)
    {
        var random = new Random(9);
        double[] x = [.. Enumerable.Range(0, 700).Select(_ => random.NextDouble() * 9)];
        (x[3], x[300], x[650]) = (0, -2, double.PositiveInfinity);
        var pow = OperatorCatalogue.Create<double>("Pow");
        double[] alone = [.. x.SelectMany(element => Both([element]))];
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var together = OnThreads(threads, () => Both(x));
            double[] paired = [.. x.SelectMany((_, i) => new[] { together[i], together[i + x.Length] })];
            Bits.AssertEqual<double>(alone, paired, $"{threads} threads");
        }

        double[] Both(double[] bases)
        {
            var shape = new Shape(bases.Length);
            Tensor<double>[] inputs = [Tensor<double>.From(shape, bases), Tensor<double>.Scalar(exponent)];
            var (mu, error, result) = (new Tensor<double>(shape), new Tensor<double>(shape), new Tensor<double>(shape));
            error.Writable.Fill(0.7);
            pow.Predict(inputs, mu);
            pow.PullBack(0, inputs, mu, error, result);
            return [.. mu.Span, .. result.Span];
        }
    }

    [Fact]
    public void Every_part_is_done_once_and_a_failure_is_told()
    {
        var before = KernelThreads.UseForAll(4);
        try
        {
            var done = new int[1_000];
            KernelThreads.Run(done.Length, part => Interlocked.Increment(ref done[part]));
            Assert.All(done, count => Assert.Equal(1, count));
            Assert.Equal("17", Assert.Throws<ArithmeticException>(() => KernelThreads.Run(100, part =>
            {
                if (part == 17) throw new ArithmeticException("17");
            })).Message);
        }
        finally
        {
            KernelThreads.Use(before);
        }
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 100, 1)]
    [InlineData(4, 100, 48)]
    [InlineData(7, 5, 8)]
    [InlineData(5, int.MaxValue, 64)]
    public void Parts_follow_one_another_and_begin_at_multiples(int parts, int length, int unit)
    {
        Assert.Equal(0, KernelThreads.Start(0, parts, length, unit));
        Assert.Equal(length, KernelThreads.Start(parts, parts, length, unit));
        for (var part = 0; part < parts; part++)
        {
            var start = KernelThreads.Start(part, parts, length, unit);
            Assert.True(start % unit == 0 || start == length);
            Assert.InRange(KernelThreads.Start(part + 1, parts, length, unit), start, length);
        }
    }

    [Fact]
    public void Small_kernels_are_not_shared_out_and_large_ones_only_by_those_who_may()
    {
        Assert.Equal(1, KernelThreads.PartsOf(long.MaxValue, 100));
        var before = KernelThreads.Use(2);
        int[] parts =
        [
            KernelThreads.PartsOf(900_000, 100), KernelThreads.PartsOfElements(50_000, 100),
            KernelThreads.PartsOf(7_000_000, 100), KernelThreads.PartsOf(8_000_000, 100),
            KernelThreads.PartsOf(long.MaxValue, 100), KernelThreads.PartsOfElements(long.MaxValue, 3),
        ];
        KernelThreads.Use(before);
        Assert.Equal([1, 1, 2, 4, 8, 3], parts);
    }

    // Some 10 us a part: functions in registers take a third of a nanosecond an element, others ten.
    [Fact]
    public void Functions_are_shared_out_by_the_time_they_take()
    {
        var before = KernelThreads.Use(2);
        int[] parts =
        [
            KernelThreads.PartsOfFunction<float>(16, 2, 40_000, 9),
            KernelThreads.PartsOfFunction<float>(16, 2, 50_000, 9),
            KernelThreads.PartsOfFunction<double>(16, 2, 20_000, 9),
            KernelThreads.PartsOfFunction<double>(16, 2, 25_000, 9),
            KernelThreads.PartsOfFunction<float>(1, 2, 100_000, 9),
            KernelThreads.PartsOfFunction<float>(1, 2, 140_000, 9),
            KernelThreads.PartsOfFunction<float>(16, 2, 3_000, 9, isScalar: true),
            KernelThreads.PartsOfFunction<float>(16, 2, 5_000, 9, isScalar: true),
        ];
        KernelThreads.Use(before);
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], parts);
    }

    private static void Check<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var alone = Make<T>(name);
        foreach (var threads in new[] { 2, 3 })
        {
            var shared = OnThreads(threads, () => Make<T>(name));
            for (var i = 0; i < alone.Count; i++)
                Bits.AssertEqual<T>(alone[i].Span, shared[i].Span, $"{name}, {threads} threads, result {i}");
        }
    }

    private static TResult OnThreads<TResult>(int threads, Func<TResult> make)
    {
        var before = KernelThreads.UseForAll(threads);
        try
        {
            return make();
        }
        finally
        {
            KernelThreads.Use(before);
        }
    }

    private static List<Tensor<T>> Make<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var run = new FunctionProperties.Run<T>(FunctionCases.Get(name));
        run.Function.Predict(run.Inputs, run.Prediction);
        for (var input = 0; input < run.Inputs.Length; input++)
            run.Function.PullBack(input, run.Inputs, run.Prediction, run.Error, run.Results[input]);
        return [run.Prediction, .. run.Results];
    }
}
