using PcActors.Onnx;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>train, verify and inspect on model files.</summary>
public sealed class ModelFiles
{
    private static string Golden(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Goldens", "Onnx", name + ".onnx");

    [Theory]
    [InlineData("mlp")]
    [InlineData("mlp_float64")]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru_bidirectional")]
    [InlineData("cnn")]
    [InlineData("transformer")]
    public async Task Any_model_is_verified_on_random_data(string name)
    {
        var run = await Pcnode.RunAsync("verify", Golden(name), "--json", "--micro", "2", "--batch", "6");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        // Nothing is said but what was put together, where anything was.
        Assert.InRange(run.ErrorLines.Count, 0, 1);
        Assert.All(run.ErrorLines, l => Assert.StartsWith("nodes put together: ", l, StringComparison.Ordinal));
        Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
        Assert.Equal(name.EndsWith("64", StringComparison.Ordinal) ? "f64" : "f32",
            run.Last.GetProperty("dtype").GetString());
        Assert.Equal(3, run.Last.GetProperty("steps").GetInt32());
    }

    [Theory]
    [InlineData("squared-error")]
    [InlineData("cross-entropy")]
    public async Task Several_inputs_indices_conditions_and_fixed_extents_are_drawn(string loss)
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel()
            .Input("ids", OnnxElementType.Int64, "N", "T").Input("mask", OnnxElementType.Bool, "N", "T", 1)
            .Input("bias", 1, 3)
            .Input("unread", "M").Floats("table", [4, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
            .Floats("w", [3, 3], 1, -2, 3, -4, 5, -6, 7, -8, 9)
            .Floats("nothing", [], 0).Node("Gather", "table ids", "rows").Node("Where", "mask rows nothing", "kept")
            .Node("ReduceMean", "kept", "mean", ("axes", new long[] { 1 }), ("keepdims", 0))
            .Node("MatMul", "mean w", "h")
            .Node("Add", "h bias", "y").Output("y", "N", 3));
        foreach (var more in new string[][] { [], ["--dim", "T=5"],
            ["--rule", "zil", "--clock", "lockstep", "--seed", "4"] })
        {
            var run = await Pcnode.RunAsync(["verify", folder["m.onnx"], "--loss", loss, "--json", .. more]);
            Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
            Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
        }
        var inspected = await Pcnode.RunAsync("inspect", folder["m.onnx"], "--json", "--batch", "1", "--dim", "T=2",
            "--freeze", "w");
        Assert.Equal(12 + 9 + 1, inspected.Last.GetProperty("parameters").GetInt32());
        Assert.Equal(12 + 1, inspected.Last.GetProperty("trainableParameters").GetInt32());
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--dim", "'S'", "N, T, M"], "verify", folder["m.onnx"], "--dim",
            "S=2");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--dim", "'T'", "extents"], "verify", folder["m.onnx"], "--dim",
            "T");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'ids'", "--dim T=N"], "train", folder["m.onnx"]);
    }

    [Fact]
    public async Task A_table_with_one_row_is_gathered_from()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("ids", OnnxElementType.Int32, "N").Floats("table", [2, 1], 1, 2)
            .Node("Gather", "table ids", "h", ("axis", -1)).Node("Transpose", "h", "y").Output("y", "N", 2));
        var run = await Pcnode.RunAsync("verify", folder["m.onnx"], "--json", "--batch", "16");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_built_in_network_learns_the_same_from_its_model_file()
    {
        using var folder = new TemporaryFolder();
        // A model file takes data as they are, so the built-in network does, too.
        string[] same = ["--epochs", "1", "--json", "--seed", "3", "--optimizer", "momentum", "--standardize", "none",
            "--learning-rate", "0.0001"];
        var built = await Pcnode.RunAsync(
            ["train", "mlp", "--hidden", "20", .. same, "--blocks", "1", "--export", folder["after.onnx"]]);
        await Pcnode.RunAsync("train", "mlp", "--hidden", "20", "--epochs", "0", "--seed", "3", "--export",
            folder["before.onnx"], "--standardize", "none");
        var read = await Pcnode.RunAsync(["train", folder["before.onnx"], .. same, "--export", folder["again.onnx"]]);
        Assert.Equal(ExitCode.Done, read.ExitCode);
        Assert.Equal(folder["again.onnx"], read.Last.GetProperty("export").GetString());
        foreach (var key in new[] { "weightsSha256", "loss", "testAccuracy" })
            Assert.Equal(built.Last.GetProperty(key).ToString(), read.Last.GetProperty(key).ToString());
        foreach (var name in new[] { "after.onnx", "again.onnx" })
        {
            var kept = await Pcnode.RunAsync("train", folder[name], "--epochs", "0", "--json");
            Assert.Equal(built.Last.GetProperty("weightsSha256").GetString(),
                kept.Last.GetProperty("weightsSha256").GetString());
            Assert.Equal(built.Last.GetProperty("testAccuracy").GetDouble(),
                kept.Last.GetProperty("testAccuracy").GetDouble());
        }
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("8", "mlp")]
    [InlineData("2", "residual")]
    [InlineData("2", "cnn")]
    public async Task A_network_in_blocks_is_exported_whole(string blocks, string model)
    {
        using var folder = new TemporaryFolder();
        var built = await Pcnode.RunAsync(
            "train", model, "--hidden", "20", "--steps", "3", "--json", "--blocks", blocks, "--export",
            folder["a.onnx"], "--standardize", "none");
        var kept = await Pcnode.RunAsync("train", folder["a.onnx"], "--epochs", "0", "--json");
        Assert.Equal(built.Last.GetProperty("weightsSha256").GetString(),
            kept.Last.GetProperty("weightsSha256").GetString());
    }

    [Fact]
    public async Task Samples_take_the_shape_of_the_models_input()
    {
        using var folder = new StepFolder();
        folder.WriteModel(Images("N"));
        var run = await Pcnode.RunAsync("train", folder["m.onnx"], "--epochs", "2", "--json", "--loss", "cross-entropy",
            "--learning-rate", "0.01");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        // A linear classifier of the digits.
        Assert.InRange(run.Last.GetProperty("testAccuracy").GetDouble(), 0.85, 1);
        var verified = await Pcnode.RunAsync("verify", folder["m.onnx"], "--data", "digits", "--json");
        Assert.True(verified.Last.GetProperty("bitIdentical").GetBoolean());
    }

    [Theory]
    [InlineData("T=3,H=x", "such as T=16,H=32; 'H=x' is none")]
    [InlineData("T=3,T=4", "; 'T' stands twice")]
    public async Task Of_several_extents_the_wrong_one_is_named(string extents, string words)
    {
        using var folder = new StepFolder();
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"--dim: '{extents}' is not auto or a list", words], "inspect",
            folder["m.onnx"], "--dim", extents);
    }

    [Fact]
    public async Task A_batch_that_the_model_fixes_is_the_default_and_the_only_one()
    {
        using var folder = new StepFolder();
        folder.WriteModel(Images(6));
        var run = await Pcnode.RunAsync("inspect", folder["m.onnx"], "--json");
        Assert.Equal(6, run.Last.GetProperty("batch").GetInt32());
        run = await Pcnode.RunAsync("train", folder["m.onnx"], "--json", "--micro", "2", "--steps", "2", "--batch",
            "12");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        foreach (var command in new[] { "train", "verify", "inspect" })
            await Pcnode.RefusesAsync(ExitCode.BadInput, ["--batch", "m.onnx", "fixed first dimension 6", "5"], command,
                folder["m.onnx"], "--batch", "5");
        // What nobody has set is not spoken of.
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["a batch has 6 samples, and 5 were asked for"], "train",
            folder["m.onnx"], "--batch", "5");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["a batch has 12 samples (with --micro 2), and 6 were"], "train",
            folder["m.onnx"], "--batch", "6", "--micro", "2");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["a batch has 36 samples (with --micro 2 and --replicas 3), and"],
            "train", folder["m.onnx"], "--batch", "6", "--micro", "2", "--replicas", "3");
    }

    [Fact]
    public async Task An_experiment_file_names_a_model_file_in_its_folder()
    {
        using var folder = new StepFolder();
        folder.WriteModel(Images("N"));
        File.WriteAllText(folder["e.conf"],
            """pcactors { model = "m.onnx", freeze = ["b"], steps = 1, batch = 10, optimizer = sgd, learning-rate = 1 }""");
        var run = await Pcnode.RunAsync("train", folder["e.conf"], "--json", "--export", folder["out.onnx"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(folder["m.onnx"], run.Last.GetProperty("model").GetString());
        Assert.Equal(new float[10], folder.Initializer("out.onnx", "b"));
        Assert.Contains(folder.Initializer("out.onnx", "w"), w => w != 0);
        File.WriteAllText(folder["e.conf"], """pcactors { model = "n.onnx" }""");
        await Pcnode.RefusesAsync(ExitCode.BadInput, [folder["n.onnx"], "no such file"], "train", folder["e.conf"]);
        File.WriteAllText(folder["e.conf"], """pcactors { model = "m.onnx", freeze = [v] }""");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["e.conf", "pcactors.freeze", "'v'"], "train", folder["e.conf"]);
    }

    [Fact]
    public async Task What_does_not_fit_is_named()
    {
        using var folder = new StepFolder();
        var model = folder["m.onnx"];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["digits", "[64]", "'x' takes 2"], "train", model);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--freeze", "'v'", "did you mean 'w'?"], "verify", model,
            "--freeze", "v");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--freeze", "model files"], "verify", "mlp", "--freeze", "v");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--hidden", "built-in"], "train", model, "--hidden", "4");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--data", "verify"], "train", "mlp", "--data", "random");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["no parameter learns", "'w', because it is frozen"], "verify",
            model, "--freeze", "w");
        await Pcnode.RefusesAsync(ExitCode.BadInput, [Golden("rnn"), "'x'", "[3, 32, 3]", "first axis"], "train",
            Golden("rnn"));
        folder.WriteModel(Images("N", classes: 9));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["digits", "10 classes", "'y' predicts 9"], "train", model);
        folder.WriteModel(Images("N").Node("ReduceSum", "y", "s", ("keepdims", 0)).Output("s").OutputFirst());
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["m.onnx", "scalar"], "verify", model);
    }

    [Fact]
    public async Task Built_in_networks_are_verified_on_random_data_when_asked()
    {
        var run = await Pcnode.RunAsync("verify", "--data", "random", "--json", "--hidden", "8", "mlp");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("bitIdentical").GetBoolean());
        Assert.Equal(ExitCode.CheckFailed, (await Pcnode.RunAsync("verify", Golden("mlp"), "--rule", "il")).ExitCode);
    }

    [Theory]
    [InlineData("32", false, true)]
    [InlineData("60", false, false)]
    [InlineData("32", true, false)]
    public async Task That_an_accuracy_depends_on_the_batch_is_said_with_the_vertex(
        string batch, bool hasRunningStatistics, bool isSaid)
    {
        float[] Each(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
        using var folder = new StepFolder();
        var model = new TestModel().Input("x", "N", 1, 8, 8).Floats("w", [64, 10], Each(640, i => (i % 7) - 3))
            .Node("Flatten", "x", "flat").Node("MatMul", "flat w", "h");
        if (hasRunningStatistics)
        {
            model.Floats("scale", [10], Each(10, _ => 1)).Floats("shift", [10], Each(10, _ => 0))
                .Floats("mean", [10], Each(10, _ => 0)).Floats("var", [10], Each(10, _ => 1))
                .Node("BatchNormalization", "h scale shift mean var", "normal", ("training_mode", 1));
        }
        else
        {
            model.Node("ReduceMean", "h", "middle", ("axes", new long[] { 0 })).Node("Sub", "h middle", "normal");
        }
        folder.WriteModel(model.Node("Tanh", "normal", "y").Output("y", "N", 10));
        var run = await Pcnode.RunAsync("train", folder["m.onnx"], "--batch", batch, "--epochs", "2", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var said = run.ErrorLines.Count(
            l => l.StartsWith("test: ", StringComparison.Ordinal)
                && l.Contains("at the vertex 'normal' the prediction", StringComparison.Ordinal));
        Assert.Equal(isSaid ? 1 : 0, said);
    }

    /// <summary>A linear classifier of images [N, 1, 8, 8].</summary>
    private static TestModel Images(object batch, int classes = 10) => new TestModel()
        .Input("x", batch, 1, 8, 8).Floats("w", [64, classes], new float[64 * classes])
        .Floats("b", [classes], new float[classes])
        .Node("Flatten", "x", "flat").Node("Gemm", "flat w b", "y").Output("y", batch, classes);
}
