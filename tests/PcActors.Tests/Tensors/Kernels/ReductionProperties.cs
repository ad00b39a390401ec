using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class ReductionProperties
{
    private static readonly VectorWidth[] Widths = Enum.GetValues<VectorWidth>();

    [Fact]
    public void Sums_have_the_bits_of_the_stated_order_at_every_width()
    {
        CheckSums<float>();
        CheckSums<double>();
    }

    [Fact]
    public void A_sum_is_as_accurate_as_stated()
    {
        var random = new Random(2);
        foreach (var length in new[] { 1, 10, 1000, 30_000, 1_000_000 })
        {
            var x = Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.3)).ToArray();
            var exact = x.Sum(value => (double)value);
            var halfUlps = Math.Abs(Reductions.Sum<float>(x) - exact)
                / (x.Sum(value => Math.Abs((double)value)) * Math.ScaleB(1, -24));
            Assert.True(halfUlps <= (length / 64) + 7, $"{length} elements: {halfUlps} half-ulps");
        }
    }

    [Fact]
    public void Nothing_sums_to_zero_and_has_no_largest_element()
    {
        Assert.Equal(0f, Reductions.Sum<float>([]));
        Assert.Equal(0.0, Reductions.SumSquares<double>([]));
        Assert.Equal(float.NegativeInfinity, Reductions.Max<float>([]));
        float[] sums = [1, 2];
        Reductions.SumRows<float>([], 0, 2, sums);
        Assert.Equal([0f, 0f], sums);
    }

    [Fact]
    public void Sums_of_rows_are_added_from_the_first_to_the_last()
    {
        CheckRows<float>();
        CheckRows<double>();
    }

    [Fact]
    public void Operands_too_short_are_refused()
    {
        Assert.Throws<ArgumentException>("x", () => Reductions.SumRows<float>(new float[5], 2, 3, new float[3]));
        Assert.Throws<ArgumentException>("result", () => Reductions.SumRows<float>(new float[6], 2, 3, new float[2]));
    }

    [Fact]
    public void The_largest_element_is_found_anywhere_and_not_a_number_wins()
    {
        for (var length = 1; length < 70; length++)
        {
            for (var at = 0; at < length; at++)
            {
                var x = Enumerable.Repeat(-2f, length).ToArray();
                x[at] = -1;
                Assert.Equal(-1f, Reductions.Max<float>(x));
                x[at] = float.NaN;
                Assert.True(float.IsNaN(Reductions.Max<float>(x)));
            }
        }
        Bits.AssertEqual<float>([0f], [Reductions.Max<float>([-0f, 0f, -0f])], "of zeros");
    }

    private static void CheckSums<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        foreach (var length in Enumerable.Range(0, 300).Concat([1000, 4096, 10_001]))
        {
            var x = Drawn.Numbers<T>(random, length);
            foreach (var width in Widths)
            {
                Bits.AssertEqual<T>([Striped(x, (sum, value) => sum + value)], [Reductions.Sum<T>(x, width)],
                    $"{width}, {length}");
                Bits.AssertEqual<T>(
                    [Striped(x, (sum, value) => T.FusedMultiplyAdd(value, value, sum))],
                    [Reductions.SumSquares<T>(x, width)],
                    $"squares, {width}, {length}");
            }
        }
    }

    /// <summary>The order that the documentation states.</summary>
    private static T Striped<T>(T[] x, Func<T, T, T> accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stripes = new T[Unsafe.SizeOf<T>() == 4 ? 64 : 32];
        for (var i = 0; i < x.Length; i++) stripes[i % stripes.Length] = accumulate(stripes[i % stripes.Length], x[i]);
        while (stripes.Length > 1)
        {
            var half = stripes.Length / 2;
            stripes = [.. stripes[..half].Zip(stripes[half..], (low, high) => low + high)];
        }
        return stripes[0];
    }

    private static void CheckRows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        foreach (var columns in Enumerable.Range(1, 80).Concat([150, 784]))
        {
            var rows = random.Next(0, 20);
            var x = Drawn.Numbers<T>(random, rows * columns);
            var expected = new T[columns];
            for (var i = 0; i < x.Length; i++) expected[i % columns] += x[i];
            foreach (var width in Widths)
            {
                var actual = Drawn.Numbers<T>(random, columns + 1);
                var beyond = actual[columns];
                Reductions.SumRows(x, rows, columns, actual, width);
                Bits.AssertEqual<T>(expected, actual.AsSpan(0, columns), $"{width}, {rows} x {columns}");
                Assert.Equal(beyond, actual[columns]);
            }
        }
    }
}
