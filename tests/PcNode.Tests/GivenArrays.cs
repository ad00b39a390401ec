using System.Globalization;
using PcActors.Data.Npy;
using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Arrays stand in place of a data set: with them none is read, and what would say something of one is
/// refused.</summary>
public sealed class GivenArrays : IDisposable
{
    private const int Samples = 40;

    private readonly NumPyFolder _folder = new();

    private string Data => _folder["d.npz"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_predicts_arrays_without_the_data_that_it_learnt_from()
    {
        var x = Enumerable.Range(0, Samples * 4).Select(i => 50 + (float)(i * 37 % 23)).ToArray();
        _folder.Npz("d.npz", ("x", [Samples, 4], x),
            ("kind", [Samples], Enumerable.Range(0, Samples).Select(i => (long)(i % 3)).ToArray()));
        NpyFile.Write<float>(_folder["x.npy"], new PcActors.Tensors.Shape(Samples, 4), x);
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync("train", "mlp", "--hidden", "5", "--epochs", "2", "--batch",
            "8", "--data", Data, "--target", "kind", "--checkpoint", _folder["run"])).ExitCode);
        var expected = await PredictAsync(_folder["run"]);
        File.Delete(Data);
        Assert.Equal(expected, await PredictAsync(_folder["run"], "--input", $"input={_folder["x.npy"]}"));
        Assert.Equal(expected, await PredictAsync("--checkpoint", _folder["run"], "--input",
            $"input={_folder["x.npy"]}"));
        // So does whoever infers, and whoever exports: with arrays by name, too.
        string[][] others =
        [
            ["infer", "--checkpoint", _folder["run"], "--clamp", $"input={_folder["x.npy"]}", "--read",
                $"output={_folder["y.npy"]}"],
            ["checkpoints", _folder["run"], "--export", _folder["m.onnx"]],
            ["predict", _folder["m.onnx"], "--input", _folder["x.npy"], "--output", _folder["z.npy"]],
        ];
        foreach (var line in others)
        {
            var run = await Pcnode.RunAsync(line);
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
            Assert.DoesNotContain(Data, run.Error + run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--data", "digits")]
    [InlineData("--part", "test")]
    [InlineData("--part", "all")]
    [InlineData("--samples", "3")]
    [InlineData("--header", "yes")]
    [InlineData("--ignore", "1")]
    [InlineData("--layout", "NHWC")]
    [InlineData("--target-as", "classes")]
    public async Task An_option_of_a_data_set_is_refused_beside_arrays(params string[] options)
    {
        using var folder = new StepFolder();
        string[] line = ["predict", folder["m.onnx"], "--input", folder["x.npy"]];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(line)).ExitCode);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"{options[0]}: it is of a data set, and --input"],
            [.. line, .. options]);
    }

    [Fact]
    public async Task A_data_set_beside_arrays_gives_the_numbers_of_a_standardisation_that_is_asked_for()
    {
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("x", "N", 2).Floats("w", [2, 2], 1, 0, 0, 1)
            .Node("MatMul", "x w", "y").Output("y", "N", 2));
        double[] numbers = [.. Enumerable.Range(0, 24).Select(i => (double)(i * i % 17))];
        File.WriteAllLines(folder["t.csv"], ["a,b,label", .. numbers.Chunk(2).Select((pair, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{pair[0]},{pair[1]},{i % 2}"))]);
        var run = await Pcnode.RunAsync("predict", folder["m.onnx"], "--input", folder["x.npy"], "--data",
            folder["t.csv"], "--standardize", "all", "--output", folder["p.npy"], "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        var done = run.Last.GetProperty("standardization");
        var (mean, scale) = (done.GetProperty("mean")[0].GetDouble(), done.GetProperty("scale")[0].GetDouble());
        Assert.InRange(mean, numbers.Min(), numbers.Max());
        var found = NpyFile.Read<float>(folder["p.npy"]).Span.ToArray();
        foreach (var (x, y) in new[] { 1.0, 0, 0, 2 }.Zip(found)) Assert.Equal((x - mean) * scale, y, 1e-5);
    }

    private async Task<float[]> PredictAsync(params string[] line)
    {
        var run = await Pcnode.RunAsync(["predict", .. line, "--output", _folder["p.npy"]]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(line.Contains("--input"), !run.Error.Contains(Data, StringComparison.Ordinal));
        return NpyFile.Read<float>(_folder["p.npy"]).Span.ToArray();
    }
}
