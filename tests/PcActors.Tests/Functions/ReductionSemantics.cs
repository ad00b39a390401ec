using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Sums, means and softmax, on the examples of ONNX's documentation.</summary>
public sealed class ReductionSemantics
{
    private static readonly Attributes None = Attributes.Empty;

    [Fact]
    public void A_sum_over_one_axis_keeps_it_or_not()
    {
        var x = Array([3, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Same(Array([3, 2], 4, 6, 12, 14, 20, 22),
            Predict("ReduceSum", Attributes.Of(("axes", new[] { 1 }), ("keepdims", 0)), x));
        Same(Array([3, 1, 2], 4, 6, 12, 14, 20, 22), Predict("ReduceSum", Attributes.Of(("axes", new[] { -2 })), x));
        Same(Array([3, 2, 1], 3, 7, 11, 15, 19, 23), Predict("ReduceSum", Attributes.Of(("axes", new[] { 2 })), x));
        Same(Array([1, 2, 2], 15, 18, 21, 24), Predict("ReduceSum", Attributes.Of(("axes", new[] { 0 })), x));
        Same(Array([2], 33, 45), Predict("ReduceSum", Attributes.Of(("axes", new[] { 0, 2 }), ("keepdims", 0)), x));
    }

    [Fact]
    public void Without_axes_everything_is_summed_unless_it_is_to_be_left_alone()
    {
        var x = Array([2, 2], 1, 2, 3, 4);
        Same(Array([1, 1], 10), Predict("ReduceSum", None, x));
        Same(Array([], 10), Predict("ReduceSum", Attributes.Of(("keepdims", 0)), x));
        Same(x, Predict("ReduceSum", Attributes.Of(("noop_with_empty_axes", 1)), x));
    }

    [Fact]
    public void A_mean_divides_by_the_number_of_terms()
    {
        var x = Array([3, 2, 2], 5, 1, 20, 2, 30, 1, 40, 2, 55, 1, 60, 2);
        Same(Array([3, 2], 12.5, 1.5, 35, 1.5, 57.5, 1.5),
            Predict("ReduceMean", Attributes.Of(("axes", new[] { 1 }), ("keepdims", 0)), x));
        Same(Array([1, 1, 1], 18.25), Predict("ReduceMean", None, x));
    }

    [Fact]
    public void The_sum_of_nothing_is_zero_and_its_mean_is_none()
    {
        Same(Array([2, 1], 0, 0), Predict("ReduceSum", Attributes.Of(("axes", new[] { 1 })), Array([2, 0])));
        Assert.True(double.IsNaN(Predict("ReduceMean", None, Array([2, 0])).Span[0]));
    }

    [Fact]
    public void A_softmax_of_logarithms_is_their_proportions()
    {
        var x = Array([2, 3], Math.Log(1), Math.Log(2), Math.Log(5), Math.Log(3), Math.Log(6), Math.Log(1));
        Same(Array([2, 3], 0.125, 0.25, 0.625, 0.3, 0.6, 0.1), Predict("Softmax", None, x));
        Same(Array([2, 3], 0.25, 0.25, 5.0 / 6, 0.75, 0.75, 1.0 / 6),
            Predict("Softmax", Attributes.Of(("axis", 0)), x));
        Same(
            Array([2, 3], Math.Log(0.125), Math.Log(0.25), Math.Log(0.625), Math.Log(0.3), Math.Log(0.6),
                Math.Log(0.1)),
            Predict("LogSoftmax", None, x));
    }

    [Theory]
    [InlineData("Softmax", 1)]
    [InlineData("Softmax", 0)]
    [InlineData("LogSoftmax", 1)]
    [InlineData("LogSoftmax", 0)]
    public void A_constant_added_to_all_logits_changes_nothing_however_large(string name, int axis)
    {
        var attributes = Attributes.Of(("axis", axis));
        var expected = Predict(name, attributes, Array([2, 2], 0, 1, 2, 3));
        Same(expected, Predict(name, attributes, Array([2, 2], 10000, 10001, 10002, 10003)));
        Same(expected, Predict(name, attributes, Array([2, 2], -10000, -9999, -9998, -9997)));
    }

    [Fact]
    public void A_logit_far_below_the_others_has_probability_zero_and_a_finite_logarithm()
    {
        var x = Array([2], 0, -5000);
        Same(Array([2], 1, 0), Predict("Softmax", None, x));
        Same(Array([2], 0, -5000), Predict("LogSoftmax", None, x));
    }

    [Fact]
    public void A_running_sum_runs_either_way_with_or_without_the_element_itself()
    {
        var x = Array([5], 1, 2, 3, 4, 5);
        Same(Array([5], 1, 3, 6, 10, 15), Predict("CumSum", Attributes.Of(("axis", 0)), x));
        Same(Array([5], 0, 1, 3, 6, 10), Predict("CumSum", Attributes.Of(("axis", 0), ("exclusive", 1)), x));
        Same(Array([5], 15, 14, 12, 9, 5), Predict("CumSum", Attributes.Of(("axis", 0), ("reverse", 1)), x));
        Same(Array([5], 14, 12, 9, 5, 0),
            Predict("CumSum", Attributes.Of(("axis", 0), ("exclusive", 1), ("reverse", 1)), x));
        Same(Array([2, 3], 1, 2, 3, 5, 7, 9),
            Predict("CumSum", Attributes.Of(("axis", -2)), Array([2, 3], 1, 2, 3, 4, 5, 6)));
    }

    [Fact]
    public void Norms_products_extrema_and_logarithms_over_axes()
    {
        var last = Attributes.Of(("axes", new[] { -1 }), ("keepdims", 0));
        var x = Array([2, 2], 3, -4, 1, 1);
        Same(Array([2], 7, 2), Predict("ReduceL1", last, x));
        Same(Array([2], 5, Math.Sqrt(2)), Predict("ReduceL2", last, x));
        Same(Array([2], 25, 2), Predict("ReduceSumSquare", last, x));
        Same(Array([2], -12, 1), Predict("ReduceProd", last, x));
        Same(Array([2], 3, 1), Predict("ReduceMax", last, x));
        Same(Array([2], -4, 1), Predict("ReduceMin", last, x));
        Same(Array([2], Math.Log(3), Math.Log(12)), Predict("ReduceLogSum", last, Array([2, 2], 1, 2, 5, 7)));
        Same(Array([2], Math.Log(4), Math.Log(12)),
            Predict("ReduceLogSumExp", last, Array([2, 2], 0, Math.Log(3), Math.Log(5), Math.Log(7))));
    }

    [Fact]
    public void Over_no_axis_each_element_is_a_sum_of_its_own()
    {
        var noop = Attributes.Of(("noop_with_empty_axes", 1));
        var x = Array([2], -3, 2);
        Same(Array([2], 3, 2), Predict("ReduceL1", noop, x));
        Same(Array([2], 9, 4), Predict("ReduceSumSquare", noop, x));
        Same(x, Predict("ReduceLogSumExp", noop, x));
        Same(x, Predict("ReduceMax", noop, x));
    }

    [Theory]
    [InlineData("ReduceL1", 0)]
    [InlineData("ReduceL2", 0)]
    [InlineData("ReduceSumSquare", 0)]
    [InlineData("ReduceProd", 1)]
    [InlineData("ReduceMax", double.NegativeInfinity)]
    [InlineData("ReduceMin", double.PositiveInfinity)]
    [InlineData("ReduceLogSum", double.NegativeInfinity)]
    [InlineData("ReduceLogSumExp", double.NegativeInfinity)]
    public void A_reduction_over_nothing(string name, double expected) =>
        Assert.Equal([expected, expected],
            Predict(name, Attributes.Of(("axes", new[] { 1 }), ("keepdims", 0)), Array([2, 0])).Span.ToArray());

    [Fact]
    public void Elements_that_tie_for_an_extremum_share_the_error()
    {
        var axes = Attributes.Of(("axes", new[] { 1 }));
        var x = Array([2, 3], 5, 5, 1, 2, 3, 1);
        Same(Array([2, 3], 3, 3, 0, 0, 6, 0), PullBack("ReduceMax", axes, 0, Array([2, 1], 6, 6), x));
        Same(Array([2, 3], 0, 0, 6, 0, 0, 6), PullBack("ReduceMin", axes, 0, Array([2, 1], 6, 6), x));
        Assert.True(double.IsNaN(Predict("ReduceMax", None, Array([3], 1, double.NaN, 2)).Span[0]));
    }

    [Fact]
    public void Norms_have_the_derivative_zero_at_zero()
    {
        Same(Array([2], 0, 0), PullBack("ReduceL2", None, 0, Array([1], 6), Array([2], 0, 0)));
        Same(Array([2], 0, -6), PullBack("ReduceL1", None, 0, Array([1], 6), Array([2], 0, -2)));
    }

    [Fact]
    public void A_zero_takes_the_derivative_of_a_product_unless_there_is_another()
    {
        Same(Array([3], 0, 16, 0), PullBack("ReduceProd", None, 0, Array([1], 2), Array([3], 2, 0, 4)));
        Same(Array([3], 0, 0, 0), PullBack("ReduceProd", None, 0, Array([1], 2), Array([3], 2, 0, 0)));
        Same(Array([3], 24, 16, 12), PullBack("ReduceProd", None, 0, Array([1], 2), Array([3], 2, 3, 4)));
    }

    [Fact]
    public void The_logarithm_of_a_sum_of_exponentials_neither_overflows_nor_becomes_NaN()
    {
        Same(Array([1], 1000 + Math.Log(2)), Predict("ReduceLogSumExp", None, Array([2], 1000, 1000)));
        Same(Array([1], -1000 + Math.Log(2)), Predict("ReduceLogSumExp", None, Array([2], -1000, -1000)));
        var nothing = Array([2], double.NegativeInfinity, double.NegativeInfinity);
        Assert.Equal(double.NegativeInfinity, Predict("ReduceLogSumExp", None, nothing).Span[0]);
        Same(Array([2], 0, 0), PullBack("ReduceLogSumExp", None, 0, Array([1], 3), nothing));
        Assert.Equal(double.PositiveInfinity,
            Predict("ReduceLogSumExp", None, Array([2], 1, double.PositiveInfinity)).Span[0]);
    }
}
