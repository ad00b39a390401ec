using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>step: one update by hand, and what of a model file it changes.</summary>
public sealed class StepSemantics
{
    [Theory]
    [InlineData("zil")]
    [InlineData("bp")]
    [InlineData("zil", "--clock", "lockstep")]
    [InlineData("zil", "--threads", "1")]
    [InlineData("zil", "--blocks", "2")]
    [InlineData("zil", "--dtype", "f64")]
    public async Task Squared_error_is_half_the_squared_distance_over_the_batch(string rule, params string[] more)
    {
        using var folder = new StepFolder();
        var run =
            await Pcnode.RunAsync([.. folder.Line, "--rule", rule, .. more, "--json", "--export", folder["out.onnx"]]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        var json = Assert.Single(run.Json);
        Assert.Equal("step", json.GetProperty("event").GetString());
        Assert.Equal("y", json.GetProperty("output").GetString());
        // mu = 0, y = (1 0; 0 0): L = 1/2 / 2. dL/dw = x^T (mu - y) / 2, x = (1 0; 0 2).
        Assert.Equal(0.25, json.GetProperty("loss").GetDouble());
        Assert.Equal([0.5f, 0, 0, 0], folder.Initializer("out.onnx", "w"));
        Assert.Equal(4, json.GetProperty("trainableParameters").GetInt64());
        Assert.Equal(rule == "bp", json.GetProperty("messages").GetInt64() == 0);
        Assert.Equal(64, json.GetProperty("weightsSha256").GetString()!.Length);
    }

    [Theory]
    [InlineData("float16")]
    [InlineData("float32")]
    public async Task An_array_of_a_type_whose_numbers_the_input_holds_is_taken(string type)
    {
        using var folder = new StepFolder();
        if (type == "float16") folder.Write<Half>("x.npy", [2, 2], [(Half)1, (Half)0, (Half)0, (Half)2]);
        var run = await Pcnode.RunAsync([.. folder.Line, "--export", folder["out.onnx"]]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal([0.5f, 0, 0, 0], folder.Initializer("out.onnx", "w"));
    }

    [Fact]
    public async Task Cross_entropy_is_that_of_a_softmax_of_logits()
    {
        using var folder = new StepFolder();
        var run = await Pcnode.RunAsync(
            "step", folder["m.onnx"], "--input", $"x={folder["x.npy"]}", "--target", folder["labels.npy"], "--loss",
            "cross-entropy",
            "--learning-rate", "4", "--json", "--export", folder["out.onnx"]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(Math.Log(2), run.Last.GetProperty("loss").GetDouble(), 1e-6);
        // Both softmaxes are 1/2: dL/dmu = (-1/2 1/2; 1/2 -1/2) / 2.
        Assert.Equal([1, -1, -2, 2], folder.Initializer("out.onnx", "w"));
    }

    [Fact]
    public async Task The_plain_rate_and_sgd_are_the_defaults()
    {
        using var folder = new StepFolder();
        await Pcnode.RunAsync([.. folder.Line[..^2], "--export", folder["out.onnx"]]);
        Assert.Equal(0.005f, folder.Initializer("out.onnx", "w")[0]);
    }

    [Fact]
    public async Task Everything_but_what_learns_stays_as_it_was()
    {
        using var folder = new StepFolder();
        var model = new TestModel(13).Input("x", "N", 2).Floats("still", [2, 2], 1, 0, 0, 1).Floats("b", [2], 0, 0)
            .Floats("unread", [1], 7)
            .Node("MatMul", "x still", "h").Node("Add", "h b", "y").Node("Relu", "y", "other").Output("y", "N", 2)
            .Output("other", "N", 2);
        model.Proto.ProducerName = "somebody";
        model.Proto.Graph.DocString = "what it is for";
        model.Proto.DocString = "by whom";
        model.Proto.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "somebody" });
        model.Proto.Graph.Node[0].Name = "the first";
        folder.WriteModel(model);
        var run =
            await Pcnode.RunAsync([.. folder.Line, "--freeze", "still", "--json", "--export", folder["out.onnx"]]);
        Assert.Equal(
            (ExitCode.Done, "nodes put together: linear 1 (--rewrite none keeps each a vertex)"),
            (run.ExitCode, run.Error.TrimEnd()));
        var (before, after) = (model.Proto, OnnxModel.Load(folder["out.onnx"]).Proto);
        // mu - y = (0 0; 0 2), and over two samples the gradient of b is (0 1).
        Assert.Equal([0, -1], folder.Initializer("out.onnx", "b"));
        foreach (var graph in new[] { before.Graph, after.Graph })
            graph.Initializer.Remove(graph.Initializer.Single(t => t.Name == "b"));
        // Beside what it had, its metadata say what was done to it.
        var told = after.MetadataProps.Where(p => p.Key.StartsWith("pcactors.", StringComparison.Ordinal)).ToList();
        Assert.Equal(run.Last.GetProperty("weightsSha256").GetString(),
            told.Single(p => p.Key == "pcactors.weights_sha256").Value);
        Assert.Equal("zil", told.Single(p => p.Key == "pcactors.rule").Value);
        foreach (var entry in told) after.MetadataProps.Remove(entry);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task An_output_is_chosen_by_name()
    {
        using var folder = new StepFolder();
        folder.WriteModel(StepFolder.Model().Node("Neg", "y", "z").Output("z", "N", 2));
        var run = await Pcnode.RunAsync([.. folder.Line, "--output", "z", "--json", "--export", folder["out.onnx"]]);
        Assert.Equal("z", run.Last.GetProperty("output").GetString());
        Assert.Equal([-0.5f, 0, 0, 0], folder.Initializer("out.onnx", "w"));
    }

    [Fact]
    public async Task Indices_and_several_inputs_are_given_by_name()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel()
            .Input("ids", OnnxElementType.Int64, "N").Input("a=b", OnnxElementType.Float, "N", 2)
            .Floats("table", [3, 2], 0, 0, 0, 0, 0, 0)
            .Node("Gather", "table ids", "rows").Node("Mul", ["rows", "a=b"], ["y"]).Output("y", "N", 2));
        folder.Integers("ids.npy", [2], 2, 0);
        string[] line =
        [
            "step", folder["m.onnx"], "--input", $"ids={folder["ids.npy"]}", "--input", $"a=b={folder["x.npy"]}",
            "--target", folder["y.npy"],
            "--learning-rate", "2", "--export", folder["out.onnx"],
        ];
        var run = await Pcnode.RunAsync([.. line, "--json"]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal([0, 0, 0, 0, 1, 0], folder.Initializer("out.onnx", "table"));

        folder.Integers("ids.npy", [2], 3, 0);
        File.Delete(folder["out.onnx"]);
        foreach (var rule in new[] { "zil", "bp" })
            await folder.RefusesAsync(["index", "3"], [.. line[..^2], "--rule", rule]);
        folder.Integers("ids.npy", [2], (1 << 24) + 1, 0);
        await folder.RefusesAsync(["--input ids", "16777217", "--dtype f64"], line[..^2]);
    }

    [Fact]
    public async Task A_step_that_diverges_writes_nothing()
    {
        using var folder = new StepFolder();
        File.WriteAllText(folder["out.onnx"], "old");
        folder.Floats("x.npy", [2, 2], 1e30f, 0, 0, 1);
        string[] line = [.. folder.Line[..^1], "1e30", "--export", folder["out.onnx"]];
        await Pcnode.RefusesAsync(ExitCode.RunFailed, ["'w'", "learning rate"], line);
        folder.Floats("x.npy", [2, 2], float.NaN, 0, 0, 1);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["element 0 of sample 0", "x.npy is NaN"], line);
        folder.WriteModel(new TestModel().Input("x", "N", 2).Floats("w", [2, 2], 1, 1, 1, 1).Node("MatMul", "x w", "y")
            .Output("y", "N", 2));
        folder.Floats("x.npy", [2, 2], 3e38f, 3e38f, 0, 1);
        await Pcnode.RefusesAsync(ExitCode.RunFailed, ["diverged"], line);
        Assert.Equal("old", File.ReadAllText(folder["out.onnx"]));
        Assert.Equal(["labels.npy", "m.onnx", "out.onnx", "x.npy", "y.npy"], folder.Files);
    }

    [Fact]
    public async Task A_step_that_is_interrupted_writes_nothing()
    {
        using var folder = new StepFolder();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var run = await Pcnode.RunAsync([.. folder.Line, "--export", folder["out.onnx"]], cancellation.Token);
        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, run.Output));
        Assert.Equal(["labels.npy", "m.onnx", "x.npy", "y.npy"], folder.Files);
    }

    [Fact]
    public async Task The_model_itself_may_be_replaced()
    {
        using var folder = new StepFolder();
        await Pcnode.RunAsync([.. folder.Line, "--export", folder["m.onnx"]]);
        Assert.Equal([0.5f, 0, 0, 0], folder.Initializer("m.onnx", "w"));
    }
}
