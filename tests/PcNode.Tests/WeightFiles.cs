using System.Buffers.Binary;
using System.Text.Json;
using PcActors.Data.Npy;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Weights out and in: safetensors and npz.</summary>
public sealed class WeightFiles
{
    private static readonly string[] Small = ["mlp", "--hidden", "20"];

    [Theory]
    [InlineData("w.safetensors")]
    [InlineData("w.npz")]
    public async Task A_network_goes_on_with_the_weights_that_another_run_has_written(string name)
    {
        using var folder = new TemporaryFolder();
        var run = await Pcnode.RunAsync(["train", .. Small, "--epochs", "2", "--export", folder[name], "--json"]);
        Assert.Equal((ExitCode.Done, folder[name]), (run.ExitCode, run.Last.GetProperty("export").GetString()));
        foreach (var command in new string[][] { ["train", "--epochs", "0"], ["evaluate"] })
        {
            var again = await Pcnode.RunAsync([.. command, .. Small, "--weights", folder[name], "--json"]);
            foreach (var key in new[] { "weightsSha256", "standardization" })
                Assert.Equal(run.Last.GetProperty(key).ToString(), again.Last.GetProperty(key).ToString());
            Assert.Equal(run.Last.GetProperty("testAccuracy").GetDouble(),
                again.Last.GetProperty(command.Length > 1 ? "testAccuracy" : "accuracy").GetDouble(), 1e-12);
        }
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["hidden1/weight", "[64, 20]", "[64, 21]"], "train", "mlp",
            "--hidden", "21", "--weights", folder[name]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["lacks 'embedding/weight'", "no use for 'hidden1/bias'"], "train",
            "residual", "--weights", folder[name]);
    }

    [Theory]
    [InlineData("w.safetensors")]
    [InlineData("w.npz")]
    [InlineData("w.onnx")]
    public async Task Words_are_numbered_as_the_weights_learnt_them(string name)
    {
        using var folder = new TemporaryFolder();
        string Data(string file, params string[] words) => folder.Write(file,
            "a,b,kind\n" + string.Concat(Enumerable.Range(0, 24)
                .Select(i => $"{i % 5},{i % 7},{words[i % words.Length]}\n")));
        string[] network = name == "w.onnx" ? [folder[name]] : ["mlp", "--hidden", "4", "--weights", folder[name]];
        await Pcnode.RunAsync("train", "mlp", "--hidden", "4", "--data", Data("abc.csv", "ant", "bee", "cat"),
            "--batch", "4", "--epochs", "1", "--export", folder[name]);
        var run = await Pcnode.RunAsync(
            ["evaluate", .. network, "--data", Data("bc.csv", "bee", "cat"), "--part", "all", "--json"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal([("ant", 0), ("bee", 12), ("cat", 12)], run.Last.GetProperty("classes").EnumerateArray()
            .Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("samples").GetInt32())));
        Assert.Contains("the first line is a header", run.Error, StringComparison.Ordinal);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'cow' is no class", "ant, bee, cat"],
            ["evaluate", .. network, "--data", Data("cow.csv", "bee", "cow")]);
    }

    [Theory]
    [InlineData("w.safetensors")]
    [InlineData("w.npz")]
    public async Task Data_may_lack_the_last_classes_that_the_weights_know(string name)
    {
        using var folder = new TemporaryFolder();
        string Data(string file, int classes) => folder.Write(file,
            "a,b,kind\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"{i % 5},{i % 7},{i % classes}\n")));
        string[] network = ["mlp", "--hidden", "4", "--weights", folder[name], "--target", "kind"];
        await Pcnode.RunAsync("train", "mlp", "--hidden", "4", "--data", Data("three.csv", 3), "--target", "kind",
            "--batch", "4", "--epochs", "1", "--export", folder[name]);
        var two = Data("two.csv", 2);
        var run = await Pcnode.RunAsync(["evaluate", .. network, "--data", two, "--part", "all", "--json"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal([12, 12, 0], run.Last.GetProperty("classes").EnumerateArray()
            .Select(c => c.GetProperty("samples").GetInt32()));
        foreach (var command in new[] { "predict", "train" })
        {
            string[] epochs = command == "train" ? ["--epochs", "1", "--batch", "4"] : [];
            var other = await Pcnode.RunAsync([command, .. network, "--data", two, .. epochs]);
            Assert.True(other.ExitCode == ExitCode.Done, other.Error);
        }
        // More than they know are refused still.
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'output/bias' of shape [3] for [4]"],
            ["evaluate", .. network, "--data", Data("four.csv", 4)]);
    }

    [Fact]
    public async Task A_safetensors_file_is_what_its_published_format_says()
    {
        using var folder = new StepFolder();
        var run = await Pcnode.RunAsync([.. folder.Line, "--export", folder["w.safetensors"], "--json"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var bytes = File.ReadAllBytes(folder["w.safetensors"]);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var header = JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        var w = header.GetProperty("w");
        Assert.Equal(("F32", "[2,2]", "[0,16]"), (w.GetProperty("dtype").GetString(),
            w.GetProperty("shape").ToString(), w.GetProperty("data_offsets").ToString()));
        Assert.Equal(8 + length + 16, bytes.Length);
        // The gradient of w by hand: x^T (x w - y) / 2 = (-0.5 0; 0 0), at a rate of 1.
        Assert.Equal([0.5f, 0, 0, 0], Enumerable.Range(0, 4)
            .Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + length + (4 * i)))));
        var metadata = header.GetProperty("__metadata__");
        Assert.Equal("1", metadata.GetProperty("pcactors.steps").GetString());
        Assert.Equal("none", metadata.GetProperty("pcactors.standardization").GetString());

        await Pcnode.RunAsync([.. folder.Line, "--export", folder["w.npz"]]);
        Assert.Equal([0.5f, 0, 0, 0], NpzFile.Read(folder["w.npz"])["w"].ToTensor<float>().Span.ToArray());
        var next = await Pcnode.RunAsync([.. folder.Line, "--weights", folder["w.npz"], "--json"]);
        // x w = (0.5 0; 0 0), so half the squared distance to (1 0; 0 0), over two samples.
        Assert.Equal(0.0625, next.Last.GetProperty("loss").GetDouble(), 1e-7);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("step")]
    [InlineData("checkpoints")]
    public async Task Another_extension_is_refused_before_the_run_begins(string command)
    {
        using var folder = new StepFolder();
        string[] line = command switch
        {
            "train" => ["train"],
            "step" => folder.Line,
            _ => ["checkpoints", folder["run"]],
        };
        foreach (var name in new[] { "w.pt", "w" })
            await Pcnode.RefusesAsync(ExitCode.BadInput, ["--export", ".onnx", ".safetensors", ".npz"],
                [.. line, "--export", folder[name]]);
    }

    [Theory]
    [InlineData("missing.safetensors", "no such file")]
    [InlineData("w.pt", ".safetensors or .npz")]
    public async Task What_is_no_file_of_weights_is_refused(string name, string words)
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RefusesAsync(ExitCode.BadInput, [name, words], ["train", .. Small, "--weights", folder[name]]);
    }

    [Fact]
    public async Task Numbers_are_capacities_of_nodes()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--weights", "--nodes"],
            ["train", .. Small, "--weights", "2,1"]);
    }
}
