using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>A network is used as it was trained: on the arrays that it was fed, whatever they are called, on files that
/// are read as the run read them, with the numbers with which the run standardised.</summary>
public sealed class UsedAsTrained : IDisposable
{
    private const int Samples = 60;

    private static readonly string[] Small = ["mlp", "--hidden", "8", "--learning-rate", "0.01", "--batch", "10"];

    private readonly NumPyFolder _folder = new();

    [Fact]
    public async Task Features_of_any_name_are_standardised_in_the_exported_file_too()
    {
        var data = Numbers("a.npz", "pictures", "price");
        var trained = await TrainAsync(data, "--inputs", "input=pictures", "--target", "price");
        await AgreesAsync(trained, data, _folder["m.onnx"], "--target", "price");
        await AgreesAsync(trained, data, _folder["run"]);
    }

    [Fact]
    public async Task Features_by_name_that_are_the_target_come_back_in_their_own_units()
    {
        var data = Numbers("a.npz", "x", "price");
        var trained = await TrainAsync(data, "--target", "x");
        var predicted = await Pcnode.RunAsync(
            "predict", _folder["m.onnx"], "--data", data, "--target", "x", "--output", _folder["p.npy"], "--json");
        Assert.Equal(ExitCode.Done, predicted.ExitCode);
        var found = PcActors.Data.Npy.NpyFile.Read<float>(_folder["p.npy"]).Span.ToArray();
        // The features are around 100; standardised they would be around 0.
        Assert.InRange(found.Average(), 60, 140);
        Assert.Equal(ExitCode.Done, trained.ExitCode);
        // So do their errors: the run's network has the units of the file that it was exported to.
        string[] all = ["--part", "all", "--json"];
        var evaluated = await Pcnode.RunAsync(["evaluate", _folder["run"], .. all]);
        var exported = await Pcnode.RunAsync(["evaluate", _folder["m.onnx"], "--data", data, "--target", "x", .. all]);
        foreach (var key in new[] { "meanAbsoluteError", "meanSquaredError" })
        {
            var wanted = exported.Last.GetProperty(key).GetDouble();
            Assert.Equal(wanted, evaluated.Last.GetProperty(key).GetDouble(), 1e-4 * wanted);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Samples_that_lack_classes_are_evaluated(int count)
    {
        await File.WriteAllBytesAsync(_folder["wide.onnx"], new TestModel().Input("x", "N", 2)
            .Floats("w", [2, 40], [.. Enumerable.Range(0, 80).Select(i => i % 40 == 30 ? 1f : 0)])
            .Node("MatMul", "x w", "y").Output("y", "N", 40).Bytes);
        await File.WriteAllLinesAsync(_folder["few.csv"],
            Enumerable.Range(0, count).Select(i => $"1,{i + 1},{30 - i}"));
        foreach (var loss in new[] { "squared-error", "cross-entropy" })
        {
            var run = await Pcnode.RunAsync("evaluate", _folder["wide.onnx"], "--data", _folder["few.csv"], "--header",
                "no", "--part", "all", "--loss", loss, "--json");
            Assert.True(run.ExitCode == ExitCode.Done, run.Error);
            Assert.Equal(1.0 / count, run.Last.GetProperty("accuracy").GetDouble(), 1e-9);
        }
    }

    [Fact]
    public async Task A_run_reads_its_data_again_as_it_read_them()
    {
        var table = Path.Combine(Path.GetDirectoryName(_folder["t.csv"])!, "t.csv");
        await File.WriteAllLinesAsync(table, Enumerable.Range(0, Samples).Select(i =>
            $"{i},{(i % 3) + (0.01 * i):0.00},{10 - (i % 3)},{i % 3}"));
        var trained = await TrainAsync(table, "--header", "no", "--ignore", "1", "--samples", "40", "--loss",
            "cross-entropy");
        await AgreesAsync(trained, table, _folder["run"]);
    }

    [Fact]
    public async Task More_outputs_than_classes_are_evaluated()
    {
        var x = Enumerable.Range(0, Samples * 4).Select(i => (float)(i % 7)).ToArray();
        var ten = _folder.Npz("ten.npz", ("x", [Samples, 4], x),
            ("kind", [Samples], Enumerable.Range(0, Samples).Select(i => (long)(i % 10)).ToArray()));
        var three = _folder.Npz("three.npz", ("x", [Samples, 4], x),
            ("kind", [Samples], Enumerable.Range(0, Samples).Select(i => (long)(i % 3)).ToArray()));
        await TrainAsync(ten, "--target", "kind");
        var run = await Pcnode.RunAsync("evaluate", _folder["m.onnx"], "--data", three, "--target", "kind", "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(10, run.Last.GetProperty("confusion").GetArrayLength());
    }

    [Theory]
    [InlineData("digits", 200, "--samples", "100")]
    public async Task A_part_of_the_samples_is_predicted(string data, int rows, params string[] options)
    {
        await TrainAsync(data);
        var run = await Pcnode.RunAsync(
            ["predict", _folder["m.onnx"], "--data", data, "--output", _folder["p.npy"], "--json", .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(rows, PcActors.Data.Npy.NpyFile.Read<float>(_folder["p.npy"]).Shape[0]);
    }

    [Fact]
    public async Task Classes_by_words_keep_their_numbers_in_files_that_lack_some_and_others_are_refused()
    {
        var all = Table("all.csv", ["cat", "dog", "emu"], Samples);
        var trained = await TrainAsync(all, "--epochs", "30");
        Assert.InRange(trained.Last.GetProperty("testAccuracy").GetDouble(), 0.9, 1);
        // Without cats, dogs would be the first class, and emus the second.
        var some = Table("some.csv", ["emu", "dog"], Samples);
        var one = Table("one.csv", ["emu"], 1);
        foreach (var model in new[] { _folder["m.onnx"], _folder["run"] })
        {
            foreach (var data in new[] { some, one })
            {
                var run = await Pcnode.RunAsync(
                    "evaluate", model, "--data", data, "--part", "all", "--loss", "squared-error", "--json");
                Assert.True(run.ExitCode == ExitCode.Done, run.Error);
                Assert.InRange(run.Last.GetProperty("accuracy").GetDouble(), 0.9, 1);
                Assert.Equal("cat", run.Last.GetProperty("classes")[0].GetProperty("name").GetString());
            }
            await Pcnode.RefusesAsync(ExitCode.BadInput, ["'gnu' is no class of the model's", "cat, dog, emu"],
                "evaluate", model, "--data", Table("other.csv", ["emu", "gnu"], Samples));
        }
    }

    [Fact]
    public async Task A_run_goes_on_with_the_standardisation_of_the_weights_that_it_began_with()
    {
        var data = Numbers("a.npz", "x", "price");
        await TrainAsync(data, "--target", "price", "--standardize", "none");
        var weights = _folder["w.safetensors"];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(["train", .. Small, "--data", data, "--target", "price",
            "--epochs", "1", "--export", weights, "--standardize", "100,0.1"])).ExitCode);
        string[] run = [_folder["m.onnx"], "--data", data, "--target", "price", "--batch", "10", "--json"];
        var whole = await Pcnode.RunAsync(["train", .. run, "--weights", weights, "--epochs", "4"]);
        Assert.Equal(100, whole.Last.GetProperty("standardization").GetProperty("mean")[0].GetDouble());
        await Pcnode.RunAsync(["train", .. run, "--weights", weights, "--epochs", "4", "--steps", "7", "--checkpoint",
            _folder["half"]]);
        var resumed = await Pcnode.RunAsync("train", "--checkpoint", _folder["half"], "--resume", "--json", "--steps",
            "auto");
        Assert.True(resumed.ExitCode == ExitCode.Done, resumed.Error);
        foreach (var key in new[] { "standardization", "weightsSha256" })
            Assert.Equal(whole.Last.GetProperty(key).ToString(), resumed.Last.GetProperty(key).ToString());
    }

    public void Dispose() => _folder.Dispose();

    private string Table(string file, string[] kinds, int samples)
    {
        string[] known = ["cat", "dog", "emu", "gnu"];
        File.WriteAllLines(_folder[file], [
            "w,h,label",
            .. Enumerable.Range(0, samples).Select(i => kinds[i % kinds.Length]).Select((kind, i) =>
                $"{Array.IndexOf(known, kind) * 5 + (i % 2)},{20 - Array.IndexOf(known, kind) * 7 + (i % 3)},{kind}"),
        ]);
        return _folder[file];
    }

    private string Numbers(string file, string features, string target)
    {
        var x = Enumerable.Range(0, Samples * 4).Select(i => 100 + (float)(i * 37 % 23)).ToArray();
        var y = Enumerable.Range(0, Samples).Select(i => x[i * 4] - x[(i * 4) + 1]).ToArray();
        return _folder.Npz(file, (features, [Samples, 4], x), (target, [Samples], y));
    }

    private async Task<Pcnode> TrainAsync(string data, params string[] options)
    {
        string[] epochs = options.Contains("--epochs") ? [] : ["--epochs", "2"];
        var run = await Pcnode.RunAsync(["train", .. Small, "--data", data, .. epochs, "--export",
            _folder["m.onnx"], "--checkpoint", _folder["run"], "--json", .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }

    /// <summary>What is measured on the test part is what training measured.</summary>
    private static async Task AgreesAsync(Pcnode trained, string data, string model, params string[] options)
    {
        string[] given = File.Exists(model) ? ["--data", data, .. options] : [];
        var run = await Pcnode.RunAsync(["evaluate", model, .. given, "--json"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        foreach (var (ours, theirs) in new[] { ("accuracy", "testAccuracy"), ("loss", "testLoss") })
        {
            if (trained.Last.GetProperty(theirs) is not { ValueKind: System.Text.Json.JsonValueKind.Number } expected)
                continue;
            Assert.Equal(expected.GetDouble(), run.Last.GetProperty(ours).GetDouble(),
                1e-4 * (1 + Math.Abs(expected.GetDouble())));
        }
    }
}
