using System.Globalization;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Onnx;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>What normalisations are, from their definitions.</summary>
public class NormalizationSemantics
{
    [Fact]
    public void A_large_mean_costs_no_precision()
    {
        // 1 / sqrt(2 / 3) from a mean of 10^8: one pass over the squares would leave nothing of it in float64.
        var layer = Predict("LayerNormalization", Attributes.Of(("epsilon", 0.0)), Array([1, 3], 1e8 - 1, 1e8, 1e8 + 1),
            Array([3], 1, 1, 1));
        Same(Array([1, 3], -Math.Sqrt(1.5), 0, Math.Sqrt(1.5)), layer);
    }

    [Fact]
    public void A_batch_in_training_is_normalised_by_its_own_statistics_and_moves_the_running_ones()
    {
        var training = Attributes.Of(("training_mode", 1), ("epsilon", 0.0), ("momentum", 0.75));
        Tensor<double>[] inputs = [Array([2, 2], 1, 10, 3, 30), Array([2], 2, 1), Array([2], 0, 5), Array([2], 8, 8),
            Array([2], 4, 4)];
        Same(Array([2, 2], -2, 4, 2, 6), Predict("BatchNormalization", training, inputs));
        Same(Array([2], 6.5, 11), Predict("BatchNormalization:running_mean", training, inputs));
        Same(Array([2], 3.25, 28), Predict("BatchNormalization:running_var", training, inputs));
        Same(Array([2, 2], -7, 7, -5, 27),
            Predict("BatchNormalization", Attributes.Of(("epsilon", 0.0)), inputs[0], Array([2], 2, 2),
                Array([2], 0, 5), inputs[3], inputs[4]));
        Assert.Throws<AttributeException>(() => Predict("BatchNormalization:running_mean", Attributes.Empty, inputs));
    }

    [Fact]
    public void As_many_groups_as_channels_are_instances_and_one_group_is_a_layer()
    {
        var x = new FunctionCase("GroupNormalization", "2x4x3x3, 4, 4").Inputs<double>();
        Same(Predict("InstanceNormalization", Attributes.Empty, x),
            Predict("GroupNormalization", Attributes.Of(("num_groups", 4)), x));
        var ones = Array([4, 3, 3], [.. Enumerable.Repeat(1.0, 36)]);
        Same(
            Predict("LayerNormalization", Attributes.Of(("axis", 1)), x[0], ones),
            Predict("GroupNormalization", Attributes.Of(("num_groups", 1)), x[0], Array([4], 1, 1, 1, 1),
                Array([4], 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData(0.0, 5)]
    [InlineData(11.0, 6)]
    public void A_row_is_divided_by_the_root_of_the_mean_of_its_squares(double epsilon, double root)
    {
        // The mean of 1, 49, 25, 25 is 25.
        var attributes = Attributes.Of(("epsilon", epsilon));
        var found = Predict("RMSNormalization", attributes, Array([2, 4], 1, 7, -5, 5, -5, 5, 1, -7),
            Array([4], 1, 2, 3, 0));
        Same(Array([2, 4], 1 / root, 14 / root, -15 / root, 0, -5 / root, 10 / root, 3 / root, 0), found);
    }

    [Theory]
    [InlineData("[1]", 1, 1, 1)]
    [InlineData("[3]", 1, 2, 3)]
    public void A_scale_of_a_model_files_rms_normalization_is_repeated(string shape, double a, double b, double c)
    {
        long[] extents = shape == "[1]" ? [1] : [3];
        var test = new TestModel(23).Input("x", 2, 3).Output("y")
            .Floats("scale", extents, [.. new[] { (float)a, (float)b, (float)c }.Take((int)extents[0])])
            .Node("RMSNormalization", "x scale", "y", ("epsilon", 0.0));
        var graph = OnnxImport.ToGraph<double>(test.Model).Graph;
        Assert.Equal("RMSNormalization", graph.Find("y").Function!.OperatorType);
        Same(Array([2, 3], a / 3, b / 3, 5 * c / 3, 2 * a / 2, 2 * b / 2, 2 * c / 2),
            Forward.Predict(graph, _ => Array([2, 3], 1, 1, 5, 2, 2, 2)));
    }

    [Fact]
    public void A_scale_for_all_elements_of_a_layer_is_repeated()
    {
        var test = new TestModel(17).Input("x", 2, 3).Floats("scale", [1], 4).Floats("bias", [3], 1, 2, 3).Output("y")
            .Node("LayerNormalization", "x scale bias", "y", ("epsilon", 0.0));
        var found = Forward.Predict(OnnxImport.ToGraph<double>(test.Model).Graph,
            _ => Array([2, 3], -1, 0, 1, 3, 3, 6));
        var (a, b) = (4 * Math.Sqrt(1.5), 4 / Math.Sqrt(2));
        Same(Array([2, 3], 1 - a, 2, 3 + a, 1 - b, 2 - b, 3 + (2 * b)), found);
    }

    [Theory]
    [InlineData(15, "y running_mean running_var")]
    [InlineData(15, "y")]
    [InlineData(9, "y m v saved_m saved_v")]
    public void A_model_that_was_exported_in_training_is_normalised_by_its_batch_and_learns_scale_and_bias_alone(
        int opset, string outputs)
    {
        var test = new TestModel(opset).Input("x", 2, 1).Floats("scale", [1], 2).Floats("bias", [1], 5)
            .Floats("mean", [1], 9).Floats("var", [1], 9)
            .Output("y")
            .Node("BatchNormalization", "x scale bias mean var", outputs, opset == 9 ? [] : [("training_mode", 1)]);
        var graph = OnnxImport.ToGraph<double>(test.Model).Graph;
        Same(Array([2, 1], 3, 7), Forward.Predict(graph, _ => Array([2, 1], 1e6, 2e6)));
        Assert.Equal(["bias", "scale"], graph.Vertices.Where(v => v.Trainable).Select(v => v.Name).Order());
    }

    [Theory]
    [InlineData(18, "0 10 20 30 40 50 60 70", 2)]
    [InlineData(21, "0 10 20 30 40 50 60 70", 4)]
    public void Scales_are_the_groups_in_opset_18_and_the_channels_in_21(int opset, string values, int parameters)
    {
        // With x = -1, 1 in each group of two channels and epsilon 0, what comes out is the scales.
        var scale = values.Split(' ').Take(parameters).Select(v => float.Parse(v, CultureInfo.InvariantCulture))
            .ToArray();
        var test = new TestModel(opset).Input("x", 1, 4, 1).Floats("scale", [parameters], scale)
            .Floats("bias", [parameters], new float[parameters])
            .Output("y").Node("GroupNormalization", "x scale bias", "y", ("num_groups", 2), ("epsilon", 0.0));
        var graph = OnnxImport.ToGraph<double>(test.Model).Graph;
        var found = Forward.Predict(graph, _ => Array([1, 4, 1], -1, 1, -1, 1));
        double[] expected = opset == 18 ? [0, 0, -10, 10] : [0, 10, -20, 30];
        Same(Array([1, 4, 1], expected), found);
        Assert.Equal(2, graph.Vertices.Count(v => v.Trainable));
    }
}
