using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

public sealed class ElementwiseSemantics
{
    private static readonly Attributes None = Attributes.Empty;

    [Fact]
    public void A_row_and_a_column_broadcast_to_a_matrix() =>
        Same(Array([2, 3], 11, 12, 13, 21, 22, 23), Predict("Add", None, Array([2, 1], 10, 20), Array([3], 1, 2, 3)));

    [Fact]
    public void Subtraction_and_division_keep_the_order_of_their_inputs_when_broadcast()
    {
        Same(Array([3], 9, 8, 7), Predict("Sub", None, Array([], 10), Array([3], 1, 2, 3)));
        Same(Array([3], -9, -8, -7), Predict("Sub", None, Array([3], 1, 2, 3), Array([], 10)));
        Same(Array([1, 3], 12, 6, 4), Predict("Div", None, Array([1, 1], 12), Array([3], 1, 2, 3)));
        Same(Array([2, 2], 1, 2, 2, 4), Predict("Div", None, Array([2, 2], 2, 4, 4, 8), Array([], 2)));
        Same(Array([2, 2], 1, 0.5, 3, 1.5), Predict("Div", None, Array([2, 1], 2, 6), Array([2], 2, 4)));
    }

    [Fact]
    public void A_bias_receives_the_sum_of_the_errors_over_the_batch() =>
        Same(Array([2], 9, 12), PullBack("Add", None, 1, Array([3, 2], 1, 2, 3, 4, 5, 6), Count(3, 2), Count(2)));

    [Fact]
    public void A_channel_s_bias_receives_the_sum_over_batch_and_space() =>
        // Channel 0 has the elements 0 to 3 and 8 to 11, channel 1 the others.
        Same(Array([2, 1, 1], 44, 76), PullBack("Add", None, 1, Count(2, 2, 2, 2), Count(2, 2, 2, 2), Count(2, 1, 1)));

    [Fact]
    public void The_denominator_receives_minus_error_times_prediction_over_denominator() =>
        Same(Array([2], -0.75, -2), PullBack("Div", None, 1, Array([2], 1, 8), Array([2], 3, 1), Array([2], 2, 2)));

    [Fact]
    public void Relu_is_zero_below_zero_and_its_derivative_at_zero_is_zero()
    {
        var x = Array([5], -2, -0.0, 0, 1, 3);
        Same(Array([5], 0, 0, 0, 1, 3), Predict("Relu", None, x));
        Same(Array([5], 0, 0, 0, 7, 7), PullBack("Relu", None, 0, Array([5], 7, 7, 7, 7, 7), x));
    }

    [Fact]
    public void Relu_does_not_hide_a_NaN() =>
        Assert.True(double.IsNaN(Predict("Relu", None, Array([1], double.NaN)).Span[0]));

    [Fact]
    public void The_exponential_undoes_the_logarithm()
    {
        Same(Array([3], 0, 1, 2), Predict("Log", None, Array([3], 1, Math.E, Math.E * Math.E)));
        Same(Array([3], 1, Math.E, 1 / Math.E), Predict("Exp", None, Array([3], 0, 1, -1)));
    }

    [Fact]
    public void Sigmoid_and_tanh_have_their_known_values()
    {
        // sigmoid(ln 3) = 3/4 and tanh(ln 2) = 3/5.
        Same(Array([3], 0.5, 0.75, 0.25), Predict("Sigmoid", None, Array([3], 0, Math.Log(3), -Math.Log(3))));
        Same(Array([3], 0, 0.6, -0.6), Predict("Tanh", None, Array([3], 0, Math.Log(2), -Math.Log(2))));
    }

    [Fact]
    public void Neg_changes_the_sign() => Same(Array([2], -4, 2), Predict("Neg", None, Array([2], 4, -2)));
}
