using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Data.Npy;
using PcActors.Onnx;
using PcActors.Tensors;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Whatever is done to data is a part of the model, wherever that goes.</summary>
public sealed class Standardizations
{
    private static readonly string[] Small = ["mlp", "--hidden", "30", "--epochs", "3", "--learning-rate", "0.005"];

    [Theory]
    [InlineData("all")]
    [InlineData("feature")]
    public async Task An_exported_model_has_on_raw_data_the_accuracy_that_train_printed(string kind)
    {
        using var folder = new TemporaryFolder();
        var trained = await Pcnode.RunAsync(
            ["train", .. Small, "--standardize", kind, "--export", folder["m.onnx"], "--json"]);
        Assert.Equal(ExitCode.Done, trained.ExitCode);
        var accuracy = trained.Last.GetProperty("testAccuracy").GetDouble();
        Assert.InRange(accuracy, 0.85, 1);
        Assert.Equal(kind, trained.Last.GetProperty("standardization").GetProperty("kind").GetString());

        var evaluated = await Pcnode.RunAsync("evaluate", folder["m.onnx"], "--data", "digits", "--json");
        Assert.Equal(accuracy, evaluated.Last.GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, evaluated.Last.GetProperty("standardization").ValueKind);
        Assert.Equal(accuracy, AccuracyInOnnxRuntime(folder["m.onnx"], EmbeddedDigits.Load<float>().Test), 1e-12);

        // What stands at the input is no weight, and stays.
        var again = await Pcnode.RunAsync("train", folder["m.onnx"], "--epochs", "0", "--json");
        Assert.Equal(accuracy, again.Last.GetProperty("testAccuracy").GetDouble(), 1e-12);
        var inspected = await Pcnode.RunAsync("inspect", folder["m.onnx"], "--json", "--parameters");
        Assert.Equal((64 * 30) + 30 + (30 * 10) + 10,
            inspected.Last.GetProperty("trainableParameters").GetInt32());
    }

    [Fact]
    public async Task A_model_file_takes_data_as_they_are_unless_it_is_told_otherwise()
    {
        using var folder = new StepFolder();
        Data(folder["d.npz"], 1);
        Data(folder["scaled.npz"], 1024);
        var hashes = new Dictionary<(string, string), string>();
        foreach (var data in new[] { "d.npz", "scaled.npz" })
        {
            foreach (var kind in new[] { "auto", "none", "all" })
            {
                var run = await Pcnode.RunAsync("train", folder["m.onnx"], "--data", folder[data], "--epochs", "1",
                    "--batch", "4", "--standardize", kind, "--json", "--export", folder[$"{kind}.onnx"]);
                Assert.Equal(ExitCode.Done, run.ExitCode);
                hashes[(data, kind)] = run.Last.GetProperty("weightsSha256").GetString()!;
                Assert.Contains(run.ErrorLines, l => l.StartsWith(
                    kind == "all" ? "features: standardised, (x - " : "features: taken as they are",
                    StringComparison.Ordinal));
                // A model of another's, too, has what is done to its data, at its input.
                var operators = OnnxModel.Load(folder[$"{kind}.onnx"]).Proto.Graph.Node.Select(n => n.OpType);
                Assert.Equal(kind == "all" ? ["Constant", "Constant", "Sub", "Mul", "MatMul"] : ["MatMul"], operators);
            }
            Assert.Equal(hashes[(data, "auto")], hashes[(data, "none")]);
        }
        Assert.NotEqual(hashes[("d.npz", "none")], hashes[("scaled.npz", "none")]);
        // By a power of two, which costs no bit.
        Assert.Equal(hashes[("d.npz", "all")], hashes[("scaled.npz", "all")]);
    }

    [Fact]
    public async Task A_checkpoint_has_the_numbers_and_whoever_uses_it_does_the_same()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["--checkpoint", folder["run"], "--json"];
        var first = await Pcnode.RunAsync(["train", .. Small, .. run, "--standardize", "5,0.2"]);
        Assert.Equal([5], first.Last.GetProperty("standardization").GetProperty("mean").EnumerateArray()
            .Select(e => e.GetDouble()));
        var accuracy = first.Last.GetProperty("testAccuracy").GetDouble();
        foreach (var place in new[] { folder["run"], Directory.GetFiles(folder["run"], "*.safetensors").Max()! })
        {
            var evaluated = await Pcnode.RunAsync("evaluate", place, "--json");
            Assert.Equal((ExitCode.Done, accuracy),
                (evaluated.ExitCode, evaluated.Last.GetProperty("accuracy").GetDouble()));
        }
        var resumed = await Pcnode.RunAsync(["train", .. run, "--resume", "--epochs", "4"]);
        Assert.Equal(first.Last.GetProperty("standardization").ToString(),
            resumed.Last.GetProperty("standardization").ToString());
        await Pcnode.RunAsync("checkpoints", folder["run"], "--export", folder["m.onnx"]);
        Assert.Equal(resumed.Last.GetProperty("testAccuracy").GetDouble(),
            AccuracyInOnnxRuntime(folder["m.onnx"], EmbeddedDigits.Load<float>().Test), 1e-12);
    }

    [Fact]
    public async Task What_predicts_features_predicts_them_as_they_are_in_the_data()
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RunAsync(["train", .. Small, "--target", "features", "--export", folder["m.onnx"]]);
        using var session = new InferenceSession(folder["m.onnx"]);
        var test = EmbeddedDigits.Load<float>().Test;
        var predicted = Run(session, test);
        // An autoencoder's error is below the spread of the pixels, 6 of 16; standardised output would have the mean 0.
        var error = predicted.Zip(test.Features.Span.ToArray(), (p, x) => Math.Abs(p - x)).Average();
        Assert.InRange(error, 0, 3.5);
        var own = await Pcnode.RunAsync("predict", folder["m.onnx"], "--data", "digits", "--part", "test", "--output",
            folder["p.npy"], "--json");
        Assert.Equal(ExitCode.Done, own.ExitCode);
        var ours = NpyFile.Read<float>(folder["p.npy"]).Span.ToArray();
        Assert.All(ours.Zip(predicted), p => Assert.Equal(p.Second, p.First, 1e-3));
    }

    [Theory]
    [InlineData("some", "all, feature, none")]
    [InlineData("1", "mean and a positive scale")]
    [InlineData("1,0", "mean and a positive scale")]
    [InlineData("1,nan", "mean and a positive scale")]
    public async Task What_is_no_standardisation_is_refused(string text, string words) =>
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--standardize", words], "train", "--standardize", text);

    private static double AccuracyInOnnxRuntime(string path, Dataset<float> test)
    {
        Assert.Equal(16, test.Features.Span.ToArray().Max());
        using var session = new InferenceSession(path);
        var scores = Run(session, test);
        var classes = scores.Length / test.Count;
        var right = 0;
        for (var i = 0; i < test.Count; i++)
        {
            var row = scores.AsSpan(i * classes, classes);
            if (row.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(row)) == test.Labels[i]) right++;
        }
        return (double)right / test.Count;
    }

    private static float[] Run(InferenceSession session, Dataset<float> test)
    {
        var input = new DenseTensor<float>(test.Features.Span.ToArray(), test.Features.Shape.Dimensions);
        using var outputs = session.Run(
            [NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), input)]);
        return [.. outputs.Single().AsEnumerable<float>()];
    }

    private static void Data(string path, float scale)
    {
        using var file = File.Create(path);
        using var archive = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create);
        var random = new SeededRandom(1);
        using (var x = archive.CreateEntry("x.npy").Open())
            NpyFile.Write<float>(x, new Shape(24, 2),
                [.. Enumerable.Range(0, 48).Select(_ => scale * (float)random.NextGaussian())]);
        using var y = archive.CreateEntry("y.npy").Open();
        NpyFile.Write<long>(y, new Shape(24), [.. Enumerable.Range(0, 24).Select(i => i % 2L)]);
    }
}
