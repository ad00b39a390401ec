using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Closed form: what detectors and generators read beside their weights.</summary>
public sealed class DetectionSemantics
{
    private static readonly float[] Boxes = [0, 0, 2, 2, 0, 0.1f, 2, 2.1f, 5, 5, 6, 7, 6, 7, 5, 5];

    [Theory]
    [InlineData("pads", new long[] { 1, 1 }, "pads are [1, 1]")]
    [InlineData("pads", new long[] { 0, 0, 0, -1 }, "pads are [0, 0, 0, -1]")]
    [InlineData("kernel_shape", new long[] { 3, 3 }, "kernel_shape is [3, 3]")]
    public void A_deformed_convolution_that_does_not_fit_is_named(string attribute, long[] given, string expected)
    {
        var model = new TestModel(19).Input("x", 1, 1, 3, 3).Input("offset", 1, 8, 2, 2)
            .Floats("w", [1, 1, 2, 2], 1, 1, 1, 1)
            .Node("DeformConv", ["x", "w", "offset"], ["y"], (attribute, given)).Output("y");
        Assert.Contains(expected, Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(model.Model)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 0.5f, 0.2f, new double[] { 0, 0, 1, 0, 0, 2 })]
    [InlineData(1, 0.5f, 0.2f, new double[] { 0, 0, 1 })]
    [InlineData(9, 0.95f, 0f, new double[] { 0, 0, 1, 0, 0, 2, 0, 0, 0 })]
    [InlineData(0, 0.5f, 0f, new double[0])]
    public void Of_boxes_that_cover_each_other_the_best_stays(int most, float overlap, float least, double[] expected)
    {
        var model = new TestModel().Input("x", 1).Floats("boxes", [1, 4, 4], Boxes)
            .Floats("scores", [1, 1, 4], 0.5f, 0.9f, 0.8f, 0.7f).Integers("most", [], most).Floats("iou", [], overlap)
            .Floats("least", [], least).Node("NonMaxSuppression", "boxes scores most iou least", "chosen")
            .Node("Cast", "chosen", "floats", ("to", 1)).Node("Reshape", "floats list", "flat").Integers("list", -1)
            .Node("Concat", "x flat", "y", ("axis", 0)).Output("y");
        var x = Tensor<double>.From(new Shape(1), [7]);
        Assert.Equal([7, .. expected], Forward.Predict(OnnxImport.ToGraph<double>(model.Model).Graph, _ => x)
            .Span.ToArray());
    }

    [Fact]
    public void Boxes_that_depend_on_data_are_named()
    {
        var model = new TestModel().Input("x", 1, 4, 4).Floats("scores", [1, 1, 4], 1, 2, 3, 4)
            .Node("NonMaxSuppression", "x scores", "y").Output("y");
        Assert.Contains("'boxes' ('x') depends on data", Assert.Throws<OnnxException>(
            () => OnnxImport.ToGraph<double>(model.Model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RandomNormal")]
    [InlineData("RandomUniform")]
    public async Task Noise_of_a_given_shape_is_drawn_anew_in_every_step_and_alike_by_both(string drawn)
    {
        var model = new TestModel().Input("x", 2, 3).Floats("w", [3], 1, 2, 3)
            .Node(drawn, "", "noise", ("shape", new long[] { 2, 3 })).Node("Mul", "noise w", "scaled")
            .Node("Add", "x scaled", "y").Output("y").Model;
        var (zil, bp) = (await TrainAsync(model, new NetworkOptions()),
            await TrainAsync(model, new NetworkOptions { Where = new Reference() }));
        Assert.Equal(bp, zil);
        Assert.Equal(3, zil.Distinct().Count());
    }

    // The weights do not move: losses differ by what is drawn.
    private static async Task<double[]> TrainAsync(OnnxModel model, NetworkOptions options)
    {
        var graph = OnnxImport.ToGraph<double>(model).Graph;
        await using var network = await Network<double>.StartAsync(graph, options with { Optimizer = new Sgd(1e-300) });
        var batch = network.NewBatch();
        batch.Inputs[0].Writable.Clear();
        batch.Target.Writable.Clear();
        var losses = new double[3];
        for (var step = 0; step < losses.Length; step++) losses[step] = (await network.StepAsync(batch)).Loss;
        return losses;
    }
}
