using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

public sealed class LayoutSemantics
{
    [Fact]
    public void Transpose_reverses_the_axes_unless_told()
    {
        Same(Array([3, 2], 0, 3, 1, 4, 2, 5), Predict("Transpose", Attributes.Empty, Count(2, 3)));
        // mu[k, i, j] = x[i, j, k].
        Same(
            Array([2, 2, 3], 0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11),
            Predict("Transpose", Attributes.Of(("perm", new[] { 2, 0, 1 })), Count(2, 3, 2)));
    }

    [Fact]
    public void Transpose_pulls_back_by_the_inverse_permutation()
    {
        var attributes = Attributes.Of(("perm", new[] { 2, 0, 1 }));
        var x = Count(2, 3, 4);
        Same(x, PullBack("Transpose", attributes, 0, Predict("Transpose", attributes, x), x));
    }

    [Theory]
    [InlineData(new[] { 4, 2, 3 }, new[] { 4, 2, 3 })]
    [InlineData(new[] { 2, 12 }, new[] { 2, 12 })]
    [InlineData(new[] { 2, -1, 2 }, new[] { 2, 6, 2 })]
    [InlineData(new[] { -1, 2, 3, 4 }, new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 2, 0, 4, 1 }, new[] { 2, 3, 4, 1 })]
    [InlineData(new[] { 2, 0, 1, -1 }, new[] { 2, 3, 1, 4 })]
    public void Reshape_infers_and_keeps_extents(int[] shape, int[] expected) =>
        Same(Count(expected), Predict("Reshape", Attributes.Of(("shape", shape)), Count(2, 3, 4)));

    [Fact]
    public void Reshape_takes_a_zero_for_an_extent_when_allowed() =>
        Same(Count(3, 4, 0),
            Predict("Reshape", Attributes.Of(("shape", new[] { 3, 4, 0 }), ("allowzero", 1)), Count(0, 3, 4)));

    [Theory]
    [InlineData(0, 1, 24)]
    [InlineData(1, 2, 12)]
    [InlineData(2, 6, 4)]
    [InlineData(3, 24, 1)]
    [InlineData(-1, 6, 4)]
    [InlineData(-3, 1, 24)]
    public void Flatten_makes_a_matrix_at_an_axis(int axis, int rows, int columns) =>
        Same(Count(rows, columns), Predict("Flatten", Attributes.Of(("axis", axis)), Count(2, 3, 4)));

    [Fact]
    public void Concat_puts_inputs_one_after_the_other()
    {
        var (a, b) = (Array([2, 2], 1, 2, 3, 4), Array([2, 2], 5, 6, 7, 8));
        Same(Array([4, 2], 1, 2, 3, 4, 5, 6, 7, 8), Predict("Concat", Attributes.Of(("axis", 0)), a, b));
        Same(Array([2, 4], 1, 2, 5, 6, 3, 4, 7, 8), Predict("Concat", Attributes.Of(("axis", 1)), a, b));
        Same(Array([2, 3], 1, 2, 9, 3, 4, 9), Predict("Concat", Attributes.Of(("axis", -1)), a, Array([2, 1], 9, 9)));
        Same(b, PullBack("Concat", Attributes.Of(("axis", 1)), 1, Array([2, 4], 1, 2, 5, 6, 3, 4, 7, 8), a, b));
    }

    [Fact]
    public void Slice_takes_ranges_with_steps()
    {
        // The two examples of ONNX's documentation.
        var x = Array([2, 4], 1, 2, 3, 4, 5, 6, 7, 8);
        Same(Array([1, 2], 5, 7), Predict("Slice", Ranges([1, 0], [2, 3], [0, 1], [1, 2]), x));
        Same(Array([1, 3], 2, 3, 4), Predict("Slice", Ranges([0, 1], [-1, 1000]), x));
    }

    [Theory]
    [InlineData(20, 0, -4, new double[] { 9, 5, 1 })]
    [InlineData(-1, -1000, -3, new double[] { 9, 6, 3, 0 })]
    [InlineData(-1, -11, -9, new double[] { 9, 0 })]
    [InlineData(3, -1, 2, new double[] { 3, 5, 7 })]
    [InlineData(-3, 1000, 1, new double[] { 7, 8, 9 })]
    [InlineData(0, -10, -1, new double[] { })]
    [InlineData(5, 5, 1, new double[] { })]
    [InlineData(0, -11, -1, new double[] { 0 })]
    public void Slice_clamps_starts_and_ends_as_ONNX_does(int start, int end, int step, double[] expected) =>
        Same(Array([expected.Length], expected), Predict("Slice", Ranges([start], [end], [0], [step]), Count(10)));

    [Fact]
    public void Slice_pulls_back_to_the_range_and_leaves_zeros_elsewhere() =>
        Same(Array([6], 0, 8, 0, 7, 0, 6),
            PullBack("Slice", Ranges([5], [0], [0], [-2]), 0, Array([3], 6, 7, 8), Count(6)));

    private static Attributes Ranges(int[] starts, int[] ends, int[]? axes = null, int[]? steps = null) =>
        Attributes.Of(("starts", starts), ("ends", ends), ("axes", axes), ("steps", steps));
}
