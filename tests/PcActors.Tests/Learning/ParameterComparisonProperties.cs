using System.Numerics;
using PcActors.Learning.Instruments;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>The ULP distance counts steps of BitIncrement, and 0 means the same bits.</summary>
public sealed class ParameterComparisonProperties
{
    [Theory]
    [InlineData(1f)]
    [InlineData(-1f)]
    [InlineData(0.99999994f)]
    [InlineData(1e-45f)]
    [InlineData(-3e-45f)]
    [InlineData(3.4e38f)]
    public void The_distance_counts_representable_numbers(float start)
    {
        CountSteps(start, float.BitIncrement);
        CountSteps((double)start, double.BitIncrement);
    }

    [Fact]
    public void Zeros_of_either_sign_are_neighbours()
    {
        var comparison = Compare(0f, -0f);
        Assert.False(comparison.IsBitIdentical);
        Assert.Equal(1UL, comparison.MaxUlpDistance);
        Assert.Equal(0, comparison.MaxAbsDifference);
    }

    [Fact]
    public void The_ends_of_the_number_line_are_as_far_apart_as_all_finite_numbers_are_many()
    {
        // 2 * (2^23 * 255) finite numbers of each sign, both zeros among them, less one step.
        Assert.Equal((2UL * 255 << 23) - 1, Compare(float.MinValue, float.MaxValue).MaxUlpDistance);
        Assert.Equal((2UL * 2047 << 52) - 1, Compare(double.MinValue, double.MaxValue).MaxUlpDistance);
    }

    [Theory]
    [InlineData(1f, float.NaN)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    public void A_number_that_is_not_finite_makes_every_difference_infinite(float left, float right)
    {
        var comparison = Compare(left, right);
        comparison.Add("finite", Of(1f), Of(2f));
        Assert.False(comparison.IsBitIdentical);
        Assert.Null(comparison.MaxUlpDistance);
        Assert.Equal(double.PositiveInfinity, comparison.MaxAbsDifference);
        Assert.Equal(double.PositiveInfinity, comparison.EuclideanDistance);
    }

    [Fact]
    public void The_same_bits_are_identical_even_when_they_are_no_number()
    {
        var comparison = Compare(float.NaN, float.NaN);
        Assert.True(comparison.IsBitIdentical);
        Assert.Equal(0UL, comparison.MaxUlpDistance);
    }

    [Fact]
    public void Differences_add_up_over_tensors_and_the_first_is_named()
    {
        var comparison = new ParameterComparison<double>();
        comparison.Add("same", Of(1.0, 2.0), Of(1.0, 2.0));
        comparison.Add([new("a", Of(1.0, 5.0)), new("b", Of(0.0))], [new("a", Of(4.0, 5.0)), new("b", Of(-4.0))]);
        Assert.Equal(4, comparison.MaxAbsDifference);
        Assert.Equal(5, comparison.EuclideanDistance);
        Assert.Equal("a", comparison.FirstDifference);
    }

    [Fact]
    public void A_divergence_is_an_infinite_difference()
    {
        var comparison = new ParameterComparison<float>();
        comparison.AddDivergence("out");
        Assert.False(comparison.IsBitIdentical);
        Assert.Null(comparison.MaxUlpDistance);
        Assert.Equal("out", comparison.FirstDifference);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        var comparison = new ParameterComparison<float>();
        Assert.Throws<ArgumentException>(() => comparison.Add("x", Of(1f), Of(1f, 2f)));
        Assert.Throws<ArgumentException>(() => comparison.Add([new("a", Of(1f))], [new("b", Of(1f))]));
        Assert.Throws<ArgumentException>(() => comparison.Add([new("a", Of(1f))], []));
    }

    private static void CountSteps<T>(T start, Func<T, T> increment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var other = start;
        for (var step = 0UL; step < 5 && T.IsFinite(other); step++, other = increment(other))
        {
            // BitIncrement goes from the smallest negative number to -0 and from there past
            // +0, which is one step more here.
            if (T.IsZero(other) || T.IsNegative(start) != T.IsNegative(other)) return;
            Assert.Equal(step, Compare(start, other).MaxUlpDistance);
            Assert.Equal(step, Compare(other, start).MaxUlpDistance);
        }
    }

    private static ParameterComparison<T> Compare<T>(T left, T right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var comparison = new ParameterComparison<T>();
        comparison.Add("x", Of(left), Of(right));
        return comparison;
    }

    private static Tensor<T> Of<T>(params ReadOnlySpan<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor<T>.From(new Shape(elements.Length), elements);
}
