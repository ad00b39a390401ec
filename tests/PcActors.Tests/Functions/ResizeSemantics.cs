using System.Globalization;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Tests.Onnx;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>What becomes of an axis that is resized, by hand, and how older opsets say it.</summary>
public class ResizeSemantics
{
    [Fact]
    public void An_element_between_two_is_their_mean_by_distance()
    {
        var attributes = Attributes.Of(("sizes", new[] { 1, 4 }), ("mode", "linear"));
        // Places: -0.25, 0.25, 0.75, 1.25.
        Same(Array([1, 4], 0, 1, 3, 4), Predict("Resize", attributes, Array([1, 2], 0, 4)));
        Same(Array([1, 2], 175, 1025 - 75),
            PullBack("Resize", attributes, 0, Array([1, 4], 100, 100, 0, 925), Array([1, 2], 0, 4)));
    }

    [Fact]
    public void What_lies_outside_of_the_region_has_a_value_of_its_own_and_pulls_nothing_back()
    {
        var attributes = Attributes.Of(
            ("sizes", new[] { 3 }), ("roi", new[] { 0.5, 1.5 }),
            ("coordinate_transformation_mode", "tf_crop_and_resize"),
            ("mode", "linear"), ("extrapolation_value", -7.0));
        // Places: 1, 2, 3, where the last element is at 2.
        Same(Array([3], 20, 30, -7), Predict("Resize", attributes, Array([3], 10, 20, 30)));
        Same(Array([3], 0, 1, 10), PullBack("Resize", attributes, 0, Array([3], 1, 10, 100), Array([3], 10, 20, 30)));
    }

    // Of three elements 10, 20, 40. Before opset 11 the place of element i is i / scale, and its
    // left neighbour is the nearest; from there on it is (i + 1/2) / scale - 1/2, and the nearest is the nearest.
    [Theory]
    [InlineData(7, "Upsample", "nearest", 4f / 3, "10 10 20 40")]
    [InlineData(7, "Upsample", "linear", 2f, "10 15 20 30 40 40")]
    [InlineData(9, "Upsample", "nearest", 4f / 3, "10 10 20 40")]
    [InlineData(9, "Upsample", "linear", 2f, "10 15 20 30 40 40")]
    [InlineData(10, "Resize", "nearest", 4f / 3, "10 10 20 40")]
    [InlineData(10, "Resize", "linear", 2f, "10 15 20 30 40 40")]
    [InlineData(11, "Resize", "nearest", 4f / 3, "10 20 20 40")]
    [InlineData(13, "Resize", "linear", 2f, "10 12.5 17.5 25 35 40")]
    public void Older_opsets_sample_from_the_left_edge(int opset, string operatorType, string mode, float scale,
        string expected)
    {
        var test = new TestModel(opset).Input("x", 1, 3).Output("y");
        if (opset == 7) test.Node(operatorType, "x", "y", ("mode", mode), ("scales", new[] { 1.0, scale }));
        else
        {
            test.Floats("scales", [2], 1, scale).Floats("roi", [0])
                .Node(operatorType, opset < 11 ? ["x", "scales"] : ["x", "roi", "scales"], ["y"], ("mode", mode));
        }
        double[] wanted = [.. expected.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Same(Array([1, wanted.Length], wanted),
            Forward.Predict(OnnxImport.ToGraph<double>(test.Model).Graph, _ => Array([1, 3], 10, 20, 40)));
    }
}
