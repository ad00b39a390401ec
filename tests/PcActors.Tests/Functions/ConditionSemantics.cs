using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Comparisons, logic, choices, casts and bounds.</summary>
public sealed class ConditionSemantics
{
    private static readonly Attributes None = Attributes.Empty;

    [Theory]
    [InlineData("Equal", 0, 1, 0)]
    [InlineData("Greater", 0, 0, 1)]
    [InlineData("GreaterOrEqual", 0, 1, 1)]
    [InlineData("Less", 1, 0, 0)]
    [InlineData("LessOrEqual", 1, 1, 0)]
    public void Comparisons_of_something_less_equal_and_greater(string name, double less, double equal,
        double greater) =>
        Same(Array([3], less, equal, greater), Predict(name, None, Array([3], 1, 2, 3), Array([], 2)));

    [Theory]
    [InlineData("Equal")]
    [InlineData("GreaterOrEqual")]
    [InlineData("LessOrEqual")]
    public void Nothing_compares_with_NaN(string name) =>
        Same(Array([1], 0), Predict(name, None, Array([1], double.NaN), Array([1], double.NaN)));

    [Theory]
    [InlineData("And", 0, 0, 0, 1)]
    [InlineData("Or", 0, 1, 1, 1)]
    [InlineData("Xor", 0, 1, 1, 0)]
    public void Logic_by_its_truth_table(string name, double neither, double second, double first, double both) =>
        Same(Array([2, 2], neither, second, first, both), Predict(name, None, Array([2, 1], 0, 1), Array([2], 0, 1)));

    [Fact]
    public void Not_swaps_true_and_false() => Same(Array([3], 1, 0, 0), Predict("Not", None, Array([3], 0, 1, 7)));

    [Fact]
    public void Where_chooses_by_the_condition()
    {
        var condition = Array([2, 2], 1, 0, 1, 1);
        var (x, y) = (Array([2, 2], 1, 2, 3, 4), Array([2, 2], 9, 8, 7, 6));
        Same(Array([2, 2], 1, 8, 3, 4), Predict("Where", None, condition, x, y));
        Same(Array([2, 2], 1, 5, 3, 4), Predict("Where", None, condition, x, Array([], 5)));
        Same(Array([2, 2], 10, 0, 30, 40), PullBack("Where", None, 1, Array([2, 2], 10, 20, 30, 40), condition, x, y));
        Same(Array([2], 0, 20),
            PullBack("Where", None, 2, Array([2, 2], 10, 20, 30, 40), condition, x, Array([2], 5, 5)));
    }

    [Theory]
    [InlineData("int32", 2.9, 2)]
    [InlineData("int32", -2.9, -2)]
    [InlineData("int64", -0.5, 0)]
    [InlineData("uint8", 257, 1)]
    [InlineData("uint8", -1, 255)]
    [InlineData("int8", 200, -56)]
    [InlineData("uint64", 1e15, 1e15)]
    [InlineData("int64", double.NaN, 0)]
    [InlineData("bool", -0.25, 1)]
    [InlineData("bool", 0, 0)]
    [InlineData("bool", double.NaN, 1)]
    [InlineData("double", 2.9, 2.9)]
    [InlineData("bfloat16", 2.9, 2.9)]
    public void Casts(string to, double x, double expected) =>
        Same(Array([1], expected), Predict("Cast", Attributes.Of(("to", to)), Array([1], x)));

    [Fact]
    public void A_cast_passes_errors_on_between_floating_point_types_alone()
    {
        Assert.True(OperatorCatalogue.Create<float>("Cast", Attributes.Of(("to", "float16"))).IsDifferentiable(0));
        Assert.False(OperatorCatalogue.Create<float>("Cast", Attributes.Of(("to", "int8"))).IsDifferentiable(0));
        Assert.False(
            OperatorCatalogue.Create<float>("Cast", Attributes.Of(("to", "float"), ("element_type", "bool")))
                .IsDifferentiable(0));
    }

    [Fact]
    public void Clip_has_bounds_that_may_be_left_out()
    {
        var x = Array([3], -2, 0, 2);
        Same(Array([3], -1, 0, 1), Predict("Clip", None, x, Array([], -1), Array([], 1)));
        Same(Array([3], -1, 0, 2), Predict("Clip", None, x, Array([], -1)));
        Same(Array([3], -2, 0, 1), Predict("Clip", Attributes.Of(("absent", new[] { 1 })), x, Array([], 1)));
        Same(Array([3], -1, 0, 1), Predict("Clip", Attributes.Of(("min", -1.0), ("max", 1.0)), x));
        Same(x, Predict("Clip", None, x));
        // The upper bound wins when it is the lower one.
        Same(Array([3], 1, 1, 1), Predict("Clip", None, x, Array([], 2), Array([], 1)));
    }

    [Fact]
    public void Clip_passes_errors_on_at_its_bounds_and_gives_the_others_to_them()
    {
        var (x, low, high) = (Array([5], -3, -1, 0, 1, 3), Array([], -1), Array([], 1));
        var error = Array([5], 1, 2, 4, 8, 16);
        Same(Array([5], 0, 2, 4, 8, 0), PullBack("Clip", None, 0, error, x, low, high));
        Same(Array([], 1), PullBack("Clip", None, 1, error, x, low, high));
        Same(Array([], 16), PullBack("Clip", None, 2, error, x, low, high));
        Same(Array([], 16), PullBack("Clip", Attributes.Of(("absent", new[] { 1 })), 1, error, x, high));
    }

    [Fact]
    public void Sums_means_and_extrema_of_several_inputs()
    {
        // ONNX's examples.
        var (a, b, c) = (Array([3], 3, 0, 2), Array([3], 1, 3, 4), Array([3], 2, 6, 6));
        Same(Array([3], 6, 9, 12), Predict("Sum", None, a, b, c));
        Same(Array([3], 2, 3, 4), Predict("Mean", None, a, b, c));
        Same(Array([3], 3, 6, 6), Predict("Max", None, a, b, c));
        Same(Array([3], 1, 0, 2), Predict("Min", None, a, b, c));
        Same(a, Predict("Max", None, a));
        Same(Array([2, 2], 5, 3, 5, 4), Predict("Max", None, Array([2, 1], 3, 4), Array([2], 5, 1)));
        Assert.True(double.IsNaN(Predict("Max", None, Array([1], 1), Array([1], double.NaN)).Span[0]));
    }

    [Fact]
    public void Inputs_that_tie_for_an_extremum_share_the_error()
    {
        var (a, b, c) = (Array([3], 1, 2, 5), Array([3], 1, 3, 5), Array([3], 0, 3, 5));
        var error = Array([3], 6, 6, 6);
        Same(Array([3], 3, 0, 2), PullBack("Max", None, 0, error, a, b, c));
        Same(Array([3], 3, 3, 2), PullBack("Max", None, 1, error, a, b, c));
        Same(Array([3], 0, 3, 2), PullBack("Max", None, 2, error, a, b, c));
        Same(Array([3], 6, 0, 2), PullBack("Min", None, 2, error, a, b, c));
    }
}
