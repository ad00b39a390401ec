using PcActors.Functions;
using PcActors.Tensors;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Repetition, padding, triangles and blocks, on the examples of ONNX's documentation.</summary>
public sealed class RearrangingSemantics
{
    [Fact]
    public void Expand_broadcasts_both_ways()
    {
        var column = Array([3, 1], 1, 2, 3);
        Same(Array([3, 4], 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), Predict("Expand", To(3, 4), column));
        Same(column, Predict("Expand", To(1, 1), column));
        Assert.Equal(new Shape(2, 3, 6), Predict("Expand", To(2, 1, 6), column).Shape);
        Same(Array([3, 1], 6, 15, 24),
            PullBack("Expand", To(3, 3), 0, Array([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9), column));
    }

    [Fact]
    public void Tile_repeats_along_each_axis()
    {
        var repeats = Attributes.Of(("repeats", new[] { 2, 2 }));
        var x = Array([2, 2], 0, 1, 2, 3);
        var expected = Array([4, 4], 0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3);
        Same(expected, Predict("Tile", repeats, x));
        // Element 0 stands at 0, 2, 8 and 10.
        Same(Array([2, 2], 20, 24, 36, 40), PullBack("Tile", repeats, 0, Count(4, 4), x));
    }

    [Fact]
    public void Pad_adds_a_constant_the_edge_or_a_mirror_image()
    {
        var x = Array([3, 2], 1, 1.2, 2.3, 3.4, 4.5, 5.7);
        Same(
            Array([3, 4], 0, 0, 1, 1.2, 0, 0, 2.3, 3.4, 0, 0, 4.5, 5.7),
            Predict("Pad", Pads("constant", 0, 2, 0, 0), x, Array([], 0)));
        Same(
            Array([3, 4], 1, 1, 1, 1.2, 2.3, 2.3, 2.3, 3.4, 4.5, 4.5, 4.5, 5.7),
            Predict("Pad", Pads("edge", 0, 2, 0, 0), x));
        Same(
            Array([3, 4], 1, 1.2, 1, 1.2, 2.3, 3.4, 2.3, 3.4, 4.5, 5.7, 4.5, 5.7),
            Predict("Pad", Pads("reflect", 0, 2, 0, 0), x));
        Same(Array([5], 2, 3, 1, 2, 3), Predict("Pad", Pads("wrap", 2, 0), Array([3], 1, 2, 3)));
        Same(Array([9], 2, 1, 2, 3, 2, 1, 2, 3, 2), Predict("Pad", Pads("reflect", 1, 5), Array([3], 1, 2, 3)));
    }

    [Fact]
    public void Pad_removes_where_a_pad_is_negative_before_it_looks_for_what_to_add()
    {
        Same(Array([3], 2, 7, 7), Predict("Pad", Pads("constant", -1, 2), Array([2], 1, 2), Array([], 7)));
        Same(Array([4], 2, 3, 2, 3), Predict("Pad", Pads("reflect", -1, 2), Array([3], 1, 2, 3)));
        Same(Array([4], 2, 3, 2, 3), Predict("Pad", Pads("wrap", -1, 2), Array([3], 1, 2, 3)));
        Same(Array([4], 2, 3, 3, 3), Predict("Pad", Pads("edge", -1, 2), Array([3], 1, 2, 3)));
    }

    [Fact]
    public void Pad_gives_the_constant_the_sum_of_the_errors_where_it_stands()
    {
        var (x, error) = (Array([1, 2], 1, 2), Array([2, 3], 1, 2, 4, 8, 16, 32));
        Same(Array([], 8 + 16 + 32 + 4), PullBack("Pad", Pads("constant", 0, 0, 1, 1), 1, error, x, Array([], 0)));
        Same(Array([1, 2], 1, 2), PullBack("Pad", Pads("constant", 0, 0, 1, 1), 0, error, x, Array([], 0)));
        // Both rows are x, and x's mirror image ends each.
        Same(Array([1, 2], 1 + 4 + 8 + 32, 2 + 16), PullBack("Pad", Pads("reflect", 0, 0, 1, 1), 0, error, x));
    }

    [Fact]
    public void Triangles()
    {
        var x = Array([2, 3], 1, 2, 3, 4, 5, 6);
        Same(Array([2, 3], 1, 2, 3, 0, 5, 6), Predict("Trilu", Attributes.Empty, x));
        Same(Array([2, 3], 0, 2, 3, 0, 0, 6), Predict("Trilu", Attributes.Of(("k", 1)), x));
        Same(x, Predict("Trilu", Attributes.Of(("k", -1)), x));
        Same(Array([2, 3], 1, 0, 0, 4, 5, 0), Predict("Trilu", Attributes.Of(("upper", 0)), x));
        Same(Array([2, 3], 0, 0, 0, 4, 0, 0), Predict("Trilu", Attributes.Of(("upper", 0), ("k", -1)), x));
    }

    [Fact]
    public void A_diagonal_of_ones()
    {
        Same(Array([2, 3], 1, 0, 0, 0, 1, 0), Predict("EyeLike", Attributes.Empty, Count(2, 3)));
        Same(Array([2, 3], 0, 1, 0, 0, 0, 1), Predict("EyeLike", Attributes.Of(("k", 1)), Count(2, 3)));
        Same(Array([2, 3], 0, 0, 0, 1, 0, 0), Predict("EyeLike", Attributes.Of(("k", -1)), Count(2, 3)));
    }

    [Theory]
    [InlineData(null, new[] { 3 })]
    [InlineData(new[] { 0 }, new[] { 3, 1 })]
    [InlineData(new[] { -1 }, new[] { 1, 3 })]
    public void Squeeze_takes_axes_of_extent_one_away(int[]? axes, int[] expected) =>
        Same(Count(expected), Predict("Squeeze", Attributes.Of(("axes", axes)), Count(1, 3, 1)));

    [Theory]
    [InlineData(new[] { 0, 4 }, new[] { 1, 3, 4, 5, 1 })]
    [InlineData(new[] { -1, 1 }, new[] { 3, 1, 4, 5, 1 })]
    [InlineData(new[] { 2 }, new[] { 3, 4, 1, 5 })]
    public void Unsqueeze_inserts_axes_at_their_places_in_the_result(int[] axes, int[] expected) =>
        Same(Count(expected), Predict("Unsqueeze", Attributes.Of(("axes", axes)), Count(3, 4, 5)));

    [Fact]
    public void Depth_becomes_space_in_either_order()
    {
        // Eight channels of one row of two, each channel's number in its tens.
        var x = Array([1, 8, 1, 2], 0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71);
        // DCR: channel c of the result takes its block from the channels c, c + 2, c + 4, c + 6.
        Same(
            Array([1, 2, 2, 4], 0, 20, 1, 21, 40, 60, 41, 61, 10, 30, 11, 31, 50, 70, 51, 71),
            Predict("DepthToSpace", Attributes.Of(("blocksize", 2)), x));
        // CRD: from the channels 4 c, 4 c + 1, 4 c + 2, 4 c + 3.
        Same(
            Array([1, 2, 2, 4], 0, 10, 1, 11, 20, 30, 21, 31, 40, 50, 41, 51, 60, 70, 61, 71),
            Predict("DepthToSpace", Attributes.Of(("blocksize", 2), ("mode", "CRD")), x));
    }

    [Fact]
    public void Space_becomes_depth_and_back()
    {
        var block = Attributes.Of(("blocksize", 2));
        Same(Array([1, 4, 1, 2], 0, 2, 1, 3, 4, 6, 5, 7), Predict("SpaceToDepth", block, Count(1, 1, 2, 4)));
        Same(Count(2, 3, 4, 6), Predict("DepthToSpace", block, Predict("SpaceToDepth", block, Count(2, 3, 4, 6))));
    }

    private static Attributes To(params int[] shape) => Attributes.Of(("shape", shape));

    private static Attributes Pads(string mode, params int[] pads) => Attributes.Of(("mode", mode), ("pads", pads));
}
