using System.Globalization;
using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>What windows do where they tie, overlap or leave the input, by hand.</summary>
public class PoolingSemantics
{
    [Fact]
    public void Of_equal_elements_the_first_gets_the_whole_error()
    {
        var x = Array([1, 1, 2, 4], 3, 3, 0, 0, 3, 3, 0, 0);
        var window = Attributes.Of(("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        Same(Array([1, 1, 2, 4], 5, 0, 7, 0, 0, 0, 0, 0), PullBack("MaxPool", window, 0, Array([1, 1, 1, 2], 5, 7), x));
        Same(Array([1, 1, 1, 2], 0, 2), Predict("MaxPool:Indices", window, x));
        Same(Array([1, 1, 2, 4], 5, 0, 0, 0, 0, 0, 0, 0),
            PullBack("GlobalMaxPool", Attributes.Empty, 0, Array([1, 1, 1, 1], 5), x));
    }

    [Fact]
    public void An_element_gets_the_errors_of_all_windows_in_which_it_is_the_largest()
    {
        var window = Attributes.Of(("kernel_shape", new[] { 3 }));
        Same(Array([1, 1, 5], 0, 0, 111, 0, 0),
            PullBack("MaxPool", window, 0, Array([1, 1, 3], 100, 10, 1), Array([1, 1, 5], 1, 2, 9, 4, 5)));
    }

    [Fact]
    public void Not_a_number_is_the_largest() =>
        Assert.True(
            double.IsNaN(
                Predict("MaxPool", Attributes.Of(("kernel_shape", new[] { 2 })),
                    Array([1, 1, 2], 1, double.NaN)).Span[0]));

    [Theory]
    [InlineData(0, "1.5 3 4")] // The last window holds the element 4 and padding.
    [InlineData(1, "1 3 2")] // Of the last window's three taps one is inside, one in the padding, one beyond it.
    public void Padding_counts_when_it_is_told_to_and_what_is_beyond_it_never_does(int counts, string expected)
    {
        var window = Attributes.Of(
            ("kernel_shape", new[] { 3 }), ("strides", new[] { 2 }), ("pads", new[] { 1, 1 }), ("ceil_mode", 1),
            ("count_include_pad", counts));
        // Windows: [pad, 1, 2], [2, 3, 4], [4, pad, beyond].
        Same(Array([1, 1, 3], Numbers(expected)), Predict("AveragePool", window, Array([1, 1, 4], 1, 2, 3, 4)));
    }

    [Fact]
    public void A_window_that_would_begin_in_the_padding_after_is_left_out()
    {
        var window = Attributes.Of(("kernel_shape", new[] { 1 }), ("strides", new[] { 3 }), ("ceil_mode", 1));
        Same(Array([1, 1, 1], 7), Predict("MaxPool", window, Array([1, 1, 2], 7, 8)));
    }

    [Theory]
    [InlineData("SAME_UPPER", "1.5 3.5 4")] // The odd one is after.
    [InlineData("SAME_LOWER", "1 2.5 4")]
    [InlineData("VALID", "1.5 3.5")]
    public void Padding_can_be_chosen_so_that_the_extent_is_divided_by_the_stride(string mode, string expected)
    {
        var window = Attributes.Of(("kernel_shape", new[] { 2 }), ("strides", new[] { 2 }), ("auto_pad", mode));
        var means = Numbers(expected);
        Same(Array([1, 1, means.Length], means), Predict("AveragePool", window, Array([1, 1, 5], 1, 2, 3, 4, 4)));
    }

    private static double[] Numbers(string text) =>
        [.. text.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
}
