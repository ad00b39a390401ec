using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>Models whose file has a fixed batch of 1, made ones for several samples: each sample's prediction is what
/// the file's own network predicts for it alone, and where samples would mix, the model is refused.</summary>
public class WidenedBatches
{
    private const int Batch = 3;

    public static TheoryData<string> Cases => ["reshape", "reshape open", "token", "LSTM", "weight's extent"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_sample_is_predicted_as_alone(string name)
    {
        var model = Model(name).Model;
        var wide = OnnxImport.ToGraph<double>(model, new OnnxImportOptions { BatchSize = Batch, TakesOver = true });
        Assert.Contains(wide.Notices, n => n.Contains("batch of 1 is widened to 3", StringComparison.Ordinal));
        var single = OnnxImport.ToGraph<double>(Model(name).Model).Graph;
        Assert.Equal(Batch, wide.Graph.Root.Shape[0]);
        var x = new Tensor<double>(wide.Graph.DataLeaves.Single().Shape);
        var random = new SeededRandom(5);
        foreach (ref var element in x.Writable) element = random.NextGaussian();
        var together = await PredictAsync(wide.Graph, x);
        for (var sample = 0; sample < Batch; sample++)
        {
            var alone = await PredictAsync(single, x.Rows(sample, 1));
            for (var i = 0; i < alone.Length; i++)
                Assert.Equal(alone.Span[i], together.Span[(sample * alone.Length) + i], 1e-12);
        }
    }

    [Fact]
    public void An_array_of_several_samples_widens_it_too()
    {
        var shapes = new Dictionary<string, Shape> { ["x"] = new(Batch, 4) };
        var graph = OnnxImport.ToGraph<float>(Model("reshape").Model, new OnnxImportOptions { InputShapes = shapes });
        Assert.Equal(new Shape(Batch, 2), graph.Graph.Root.Shape);
    }

    [Theory]
    [InlineData("mean", "depends on those beside it")]
    [InlineData("first", "the output is")]
    [InlineData("squeeze", "must be 1")]
    [InlineData("mean at no scale", "depends on those beside it")]
    [InlineData("log of what is negative", "it cannot be shown to keep samples apart")]
    [InlineData("one row", "it cannot be shown to keep samples apart")]
    public void Samples_that_would_mix_are_refused_with_the_cure(string name, string why)
    {
        var message = Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(Model(name).Model,
            new OnnxImportOptions { BatchSize = Batch })).Message;
        Assert.Contains("its fixed batch of 1 cannot be widened to 3", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains("dynamic_axes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finite_predictions_of_some_samples_show_enough()
    {
        var graph = OnnxImport.ToGraph<float>(Model("log").Model, new OnnxImportOptions { BatchSize = Batch }).Graph;
        Assert.Equal(new Shape(Batch, 2), graph.Root.Shape);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(Batch)]
    public void Inputs_that_are_not_of_samples_are_whole(int others)
    {
        var model = new TestModel(17).Input("x", 1, 4).Input("edges", others, 4).Node("MatMul", "x w", "m")
            .Node("ReduceMean", "edges", "e", ("axes", new long[] { 0 })).Node("Add", "m e", "y").Output("y")
            .Floats("w", [4, 4], [.. Enumerable.Range(0, 16).Select(i => MathF.Sin(i + 1))]);
        var shapes = new Dictionary<string, Shape> { ["x"] = new(Batch, 4), ["edges"] = new(others, 4) };
        var graph = OnnxImport.ToGraph<float>(model.Model, new OnnxImportOptions { InputShapes = shapes }).Graph;
        Assert.Equal(new Shape(Batch, 4), graph.Root.Shape);
        Assert.Equal(new Shape(others, 4), graph.Find("edges").Shape);
    }

    [Fact]
    public void Two_inputs_of_samples_are_both_widened()
    {
        var model = new TestModel(17).Input("x", 1, 4).Input("z", 1, 4).Node("Mul", "x z", "p")
            .Node("MatMul", "p w", "y").Output("y").Floats("w", [4, 1], [1, 2, 3, 4]);
        var graph = OnnxImport.ToGraph<float>(model.Model, new OnnxImportOptions { BatchSize = Batch }).Graph;
        Assert.All(graph.DataLeaves, leaf => Assert.Equal(new Shape(Batch, 4), leaf.Shape));
    }

    private static async Task<Tensor<double>> PredictAsync(Graph<double> graph, Tensor<double> x)
    {
        await using var network = await Network<double>.StartAsync(graph,
            new NetworkOptions { Where = new Reference(), Loss = Loss.SquaredError });
        var batch = new Batch<double>(graph, Loss.SquaredError, 1);
        x.Span.CopyTo(batch.Inputs[0].Writable);
        return (await network.PredictAsync(batch)).Clone();
    }

    private static TestModel Model(string name)
    {
        var model = new TestModel(17);
        TestModel Weights(string weight, params long[] shape) => model.Floats(weight, shape,
            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => MathF.Sin(i + 1))]);
        switch (name)
        {
            case "reshape":
                Weights("w", 2, 2).Input("x", 1, 4).Integers("shape", 1, 2, 2).Node("Reshape", "x shape", "r")
                    .Node("MatMul", "r w", "m").Node("ReduceSum", "m axes", "y", ("keepdims", 0)).Integers("axes", 1);
                break;
            case "reshape open":
                Weights("w", 4, 2).Input("x", 1, 2, 2).Integers("shape", 1, -1).Node("Reshape", "x shape", "r")
                    .Node("MatMul", "r w", "y");
                break;
            case "token":
                Weights("token", 1, 1, 2).Input("x", 1, 3, 2).Node("Concat", "token x", "r", ("axis", 1))
                    .Node("ReduceMean", "r", "y", ("axes", new long[] { 1 }), ("keepdims", 0));
                break;
            case "LSTM":
                Weights("W", 1, 8, 2);
                Weights("R", 1, 8, 2);
                Weights("h0", 1, 1, 2);
                Weights("c0", 1, 1, 2);
                model.Input("x", 1, 4, 2).Node("Transpose", "x", "t", ("perm", new long[] { 1, 0, 2 }))
                    .Node("LSTM", ["t", "W", "R", "", "", "h0", "c0"], ["all"], ("hidden_size", 2))
                    .Integers("last", [], -1).Node("Gather", "all last", "h", ("axis", 0))
                    .Integers("zero", 0).Node("Squeeze", "h zero", "y");
                break;
            case "mean":
                Weights("w", 4, 2).Input("x", 1, 4).Node("ReduceMean", "x", "m").Node("Sub", "x m", "d")
                    .Node("MatMul", "d w", "y");
                break;
            case "mean at no scale":
                model.Floats("scale", [1], [0]);
                Weights("w", 4, 2).Input("x", 1, 4).Node("ReduceMean", "x", "m").Node("Mul", "m scale", "s")
                    .Node("Sub", "x s", "d").Node("MatMul", "d w", "y");
                break;
            case "log":
                Weights("w", 4, 2).Input("x", 1, 4).Node("Log", "x", "l").Node("MatMul", "l w", "y");
                break;
            case "log of what is negative":
                Weights("w", 4, 2).Input("x", 1, 4).Node("Mul", "x x", "q").Node("Neg", "q", "n")
                    .Node("Log", "n", "l").Node("MatMul", "l w", "y");
                break;
            case "one row":
                Weights("w", 1, 2).Input("ids", OnnxElementType.Int64, 1).Node("Gather", "w ids", "y");
                break;
            case "weight's extent":
                // The weight has as many rows as there are samples, and is reshaped to what begins with 1.
                Weights("w", Batch, 4).Input("x", 1, 12).Integers("shape", 1, -1).Node("Reshape", "w shape", "r")
                    .Node("Mul", "x r", "y");
                break;
            case "first":
                Weights("w", 4, 2).Input("x", 1, 4).Integers("zero", [], 0).Node("Gather", "x zero", "g")
                    .Node("MatMul", "g w", "y");
                break;
            default:
                Weights("w", 4, 2).Input("x", 1, 4).Integers("zero", 0).Node("Squeeze", "x zero", "s")
                    .Node("MatMul", "s w", "m").Node("Unsqueeze", "m zero", "y");
                break;
        }
        return model.Output("y");
    }
}
