using PcActors.Data.Npy;
using PcActors.Onnx;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>predict: any number of samples, whatever batch a graph was made for.</summary>
public sealed class PredictedSamples
{
    // y = x w, with w = (1 2; 3 4).
    private static TestModel Model(object batch) => new TestModel().Input("x", batch, 2)
        .Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", "x w", "y").Output("y", batch, 2);

    private static float[] Expected(IEnumerable<float> x) =>
        [.. x.Chunk(2).SelectMany(r => new[] { r[0] + (3 * r[1]), (2 * r[0]) + (4 * r[1]) })];

    [Theory]
    [InlineData(4, 10)]
    [InlineData(4, 3)]
    [InlineData(4, 8)]
    [InlineData(1, 3)]
    [InlineData("N", 5)]
    public async Task Padding_is_dropped(object batch, int count)
    {
        using var folder = new StepFolder();
        folder.WriteModel(Model(batch));
        float[] x = [.. Enumerable.Range(0, 2 * count).Select(i => (float)i)];
        folder.Floats("x.npy", [count, 2], x);
        var run = await Pcnode.RunAsync("predict", folder["m.onnx"], "--input", folder["x.npy"], "--output",
            folder["p.npy"], "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal((count, $"[{count}, 2]"),
            (run.Last.GetProperty("samples").GetInt32(), run.Last.GetProperty("shape").GetString()));
        Assert.Equal(Expected(x), NpyFile.Read<float>(folder["p.npy"]).Span.ToArray());
        await Pcnode.RunAsync("predict", folder["m.onnx"], "--input", $"x={folder["x.npy"]}", "--output",
            folder["p.csv"]);
        var rows = Expected(x).Chunk(2).Select(r => FormattableString.Invariant($"{r[0]},{r[1]}"));
        Assert.Equal(["prediction_0,prediction_1", .. rows], File.ReadAllLines(folder["p.csv"]));
        var printed = await Pcnode.RunAsync("predict", folder["m.onnx"], "--input", folder["x.npy"]);
        Assert.Equal(File.ReadAllText(folder["p.csv"]), printed.Output);
    }

    [Fact]
    public async Task A_data_set_is_predicted_in_the_order_of_its_file()
    {
        using var folder = new StepFolder();
        folder.WriteModel(Model("N"));
        float[] x = [.. Enumerable.Range(0, 26).Select(i => (float)i)];
        File.WriteAllLines(folder["d.csv"],
            ["a,b,label", .. x.Chunk(2).Select((r, i) => FormattableString.Invariant($"{r[0]},{r[1]},{i % 2}"))]);
        var run = await Pcnode.RunAsync("predict", folder["m.onnx"], "--data", folder["d.csv"], "--output",
            folder["p.npy"], "--json", "--batch", "4");
        Assert.Equal((ExitCode.Done, 13), (run.ExitCode, run.Last.GetProperty("samples").GetInt32()));
        Assert.Equal(Expected(x), NpyFile.Read<float>(folder["p.npy"]).Span.ToArray());
    }

    [Fact]
    public async Task Nothing_need_learn_and_dropout_drops_nothing()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("x", "N", 2).Integers("axes", 1)
            .Floats("ratio", [], 0.5f).Node("Dropout", "x ratio", "d").Node("Relu", "d", "y").Output("y", "N", 2));
        float[] x = [1, 2, 3, 4, 5, 6];
        folder.Floats("x.npy", [3, 2], x);
        var run = await Pcnode.RunAsync("predict", folder["m.onnx"], "--input", folder["x.npy"], "--output",
            folder["p.npy"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(x, NpyFile.Read<float>(folder["p.npy"]).Span.ToArray());
    }

    [Fact]
    public async Task An_output_is_chosen_and_several_inputs_are_given_by_name()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("ids", OnnxElementType.Int64, "N", "T").Input("bias", "N", 1, 2)
            .Floats("table", [3, 2], 1, 2, 3, 4, 5, 6).Node("Gather", "table ids", "rows").Node("Add", "rows bias", "y")
            .Node("Neg", "y", "z").Output("y", "N", "T", 2).Output("z", "N", "T", 2));
        folder.Integers("ids.npy", [3, 2], 0, 1, 2, 0, 1, 1);
        folder.Floats("bias.npy", [3, 1, 2], 0, 0, 10, 10, 20, 20);
        string[] line = ["predict", folder["m.onnx"], "--input", $"ids={folder["ids.npy"]}", "--input",
            $"bias={folder["bias.npy"]}", "--root", "z", "--batch", "2"];
        var run = await Pcnode.RunAsync([.. line, "--output", folder["p.npy"]]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal([-1, -2, -3, -4, -15, -16, -11, -12, -23, -24, -23, -24],
            NpyFile.Read<float>(folder["p.npy"]).Span.ToArray());
        folder.Integers("ids.npy", [3, 2], 0, 1, 2, 0, 1, 7);
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, ["7"], line);
    }

    [Fact]
    public async Task What_cannot_be_predicted_is_refused_in_a_line()
    {
        using var folder = new StepFolder();
        string[] model = ["predict", folder["m.onnx"]];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--data", "--input"], model);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--output", ".npy", ".csv", "--root"],
            [.. model, "--input", folder["x.npy"], "--output", "z"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--part", "'rest'", "train, test"],
            [.. model, "--data", "digits", "--part", "rest"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--step", "checkpoint"],
            [.. model, "--data", "digits", "--step", "3"]);
        folder.Floats("wide.npy", [2, 3], 1, 2, 3, 4, 5, 6);
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, ["3"], [.. model, "--input", folder["wide.npy"]]);
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, ["'y'", "'input'"],
            "predict", "mlp", "--input", $"y={folder["x.npy"]}");
    }

    [Fact]
    public async Task An_evaluation_is_what_its_definitions_say()
    {
        using var folder = new StepFolder();
        folder.WriteModel(Model(3));
        // Class 1 is predicted wherever 2 a + 4 b > a + 3 b, that is a + b > 0.
        File.WriteAllLines(folder["d.csv"],
            ["a,b,label", "1,0,1", "1,1,1", "-1,0,1", "-1,-1,0", "2,0,0", "3,0,1", "-2,0,0"]);
        string[] line = ["evaluate", folder["m.onnx"], "--data", folder["d.csv"], "--part", "all"];
        var run = await Pcnode.RunAsync([.. line, "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal("[[2,1],[1,3]]", run.Last.GetProperty("confusion").ToString());
        Assert.Equal(5.0 / 7, run.Last.GetProperty("accuracy").GetDouble(), 1e-12);
        var classes = run.Last.GetProperty("classes").EnumerateArray().ToList();
        Assert.Equal([(2.0 / 3, 2.0 / 3), (0.75, 0.75)], classes.Select(
            c => (c.GetProperty("precision").GetDouble(), c.GetProperty("recall").GetDouble())));
        // Half the squared distance to the one-hot label.
        (double A, double B, int Label)[] samples =
            [(1, 0, 1), (1, 1, 1), (-1, 0, 1), (-1, -1, 0), (2, 0, 0), (3, 0, 1), (-2, 0, 0)];
        var loss = samples.Average(s => (Math.Pow(s.A + (3 * s.B) - (1 - s.Label), 2)
            + Math.Pow((2 * s.A) + (4 * s.B) - s.Label, 2)) / 2);
        Assert.Equal(loss, run.Last.GetProperty("loss").GetDouble(), 1e-6);
        var text = await Pcnode.RunAsync(line);
        Assert.Contains("taken for", text.Output, StringComparison.Ordinal);
        Assert.Contains("71.43 %", text.Output, StringComparison.Ordinal);
    }
}
