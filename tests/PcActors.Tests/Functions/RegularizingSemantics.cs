using PcActors.Functions;
using PcActors.Tensors;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Dropout and normalisations.</summary>
public sealed class RegularizingSemantics
{
    [Fact]
    public void Dropout_leaves_the_input_alone_outside_training()
    {
        var x = Count(3, 4);
        Same(x, Predict("Dropout", Attributes.Of(("ratio", 0.9), ("seed", 3)), x));
        Assert.True(OperatorCatalogue.Create<float>("Dropout", Attributes.Empty).IsView);
        Same(Array([2], 1, 1), Predict("Dropout:mask", Attributes.Empty, Array([2], 5, 6)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Dropout_drops_its_share_and_keeps_the_expected_value(double ratio)
    {
        const int N = 20000;
        var ones = new Tensor<double>(new Shape(N));
        ones.Writable.Fill(1);
        var kept = Predict("Dropout", Training(ratio, 1), ones).Span.ToArray();
        Assert.All(kept, value => Assert.True(value == 0 || Math.Abs(value - (1 / (1 - ratio))) < 1e-12));
        // Six standard deviations of a binomial distribution.
        var tolerance = 6 * Math.Sqrt(ratio * (1 - ratio) / N);
        Assert.Equal(ratio, kept.Count(value => value == 0) / (double)N, tolerance);
        // Neighbours are independent: both are dropped with the probability ratio^2.
        var pairs = Enumerable.Range(0, N - 1).Count(i => kept[i] == 0 && kept[i + 1] == 0);
        Assert.Equal(ratio * ratio, pairs / (double)N, 2 * tolerance);
    }

    [Fact]
    public void Dropout_depends_on_the_seed_alone_and_its_mask_is_an_operator()
    {
        var x = Count(1000);
        var mask = Predict("Dropout:mask", Training(0.5, 1), x);
        Same(mask, Predict("Dropout:mask", Training(0.5, 1), x));
        Assert.NotEqual(mask.Span.ToArray(), Predict("Dropout:mask", Training(0.5, 2), x).Span.ToArray());
        var twice = Array([1000], [.. mask.Span.ToArray().Select((keep, i) => 2 * keep * i)]);
        Same(twice, Predict("Dropout", Training(0.5, 1), x));
        Same(twice, PullBack("Dropout", Training(0.5, 1), 0, x, x));
    }

    [Fact]
    public void Everything_may_be_dropped() =>
        Same(Array([3], 0, 0, 0), Predict("Dropout", Training(1, 1), Array([3], 1, double.PositiveInfinity, 3)));

    [Fact]
    public void A_slice_over_its_norm()
    {
        var x = Array([2, 2], 3, 4, 6, -8);
        Same(Array([2, 2], 0.6, 0.8, 0.6, -0.8), Predict("LpNormalization", Attributes.Empty, x));
        Same(Array([2, 2], 3.0 / 7, 4.0 / 7, 3.0 / 7, -4.0 / 7),
            Predict("LpNormalization", Attributes.Of(("p", 1)), x));
        Same(Array([2, 2], 1.0 / 3, 1.0 / 3, 2.0 / 3, -2.0 / 3),
            Predict("LpNormalization", Attributes.Of(("p", 1), ("axis", 0)), x));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_slice_of_zeros_stays_zero(int p)
    {
        var attributes = Attributes.Of(("p", p));
        Same(Array([2], 0, 0), Predict("LpNormalization", attributes, Array([2], 0, 0)));
        Same(Array([2], 0, 0), PullBack("LpNormalization", attributes, 0, Array([2], 1, 1), Array([2], 0, 0)));
    }

    [Fact]
    public void Mean_and_variance_are_taken_out()
    {
        // Channel 0 is 1, 3, 5, 7: mean 4, variance 5; channel 1 is constant.
        var x = Array([2, 2, 1, 2], 1, 3, 9, 9, 5, 7, 9, 9);
        var s = Math.Sqrt(5) + 1e-9;
        Same(Array([2, 2, 1, 2], -3 / s, -1 / s, 0, 0, 1 / s, 3 / s, 0, 0),
            Predict("MeanVarianceNormalization", Attributes.Empty, x));
    }

    [Fact]
    public void A_response_is_normalised_by_its_neighbours_squares()
    {
        // With beta = 1, bias = 1 and alpha = size, the divisor is 1 + the sum of squares: of c -
        // 1 to c + 1, and of c to c + 1.
        var x = Array([1, 3, 1], 1, 2, 3);
        Same(
            Array([1, 3, 1], 1.0 / 6, 2.0 / 15, 3.0 / 14),
            Predict("LRN", Attributes.Of(("size", 3), ("alpha", 3.0), ("beta", 1.0)), x));
        Same(
            Array([1, 3, 1], 1.0 / 6, 2.0 / 14, 3.0 / 10),
            Predict("LRN", Attributes.Of(("size", 2), ("alpha", 2.0), ("beta", 1.0)), x));
    }

    private static Attributes Training(double ratio, int seed) =>
        Attributes.Of(("ratio", ratio), ("seed", seed), ("training_mode", 1));
}
