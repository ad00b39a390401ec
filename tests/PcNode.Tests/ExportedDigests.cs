using Google.Protobuf;
using PcActors.Onnx.Schema;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>The digest of a file that was exported is that of the run that exported it, though the file standardises
/// by itself, and no other's.</summary>
public sealed class ExportedDigests : IDisposable
{
    private static readonly string[] Small = ["--steps", "2", "--batch", "8", "--json"];

    private readonly NumPyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mlp --hidden 6")]
    [InlineData("mlp --hidden 6 --standardize feature")]
    [InlineData("mlp --hidden 6 --standardize none")]
    [InlineData("mlp --hidden 6 --target features")]
    [InlineData("mlp --hidden 20,6 --blocks 2")]
    [InlineData("cnn --channels 2,2 --hidden 4")]
    [InlineData("rnn --hidden 4")]
    [InlineData("resnet18 --channels 2,2,2,2 --layers 1")]
    public async Task It_is_that_of_the_run(string commandLine)
    {
        var words = commandLine.Split(' ');
        var trained = await TrainAsync(words);
        string[] target = words.Contains("features") ? ["--target", "features"] : [];
        Assert.Equal(trained, await DigestAsync(target));
    }

    [Fact]
    public async Task Of_other_weights_it_is_another()
    {
        var trained = await TrainAsync("mlp", "--hidden", "6");
        Assert.Equal(trained, await DigestAsync());
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder["m.onnx"]));
        var weight = model.Graph.Initializer.First(t => t.Name == "output/bias");
        var bytes = weight.RawData.ToByteArray();
        bytes[0] ^= 1;
        weight.RawData = ByteString.CopyFrom(bytes);
        File.WriteAllBytes(_folder["m.onnx"], model.ToByteArray());
        Assert.NotEqual(trained, await DigestAsync());
    }

    [Fact]
    public async Task What_the_file_of_an_export_is_is_said()
    {
        foreach (var (file, name, further) in new[]
        {
            ("w.npz", "file of weights", ""), ("w.safetensors", "file of weights", ""),
            ("w.onnx", "model file", ", which standardises features itself"),
        })
        {
            var run = await Pcnode.RunAsync("train", "mlp", "--hidden", "6", "--steps", "1", "--export", _folder[file]);
            var line = Assert.Single(run.Output.Split('\n'), l => l.Contains(_folder[file], StringComparison.Ordinal));
            Assert.StartsWith(name, line, StringComparison.Ordinal);
            Assert.EndsWith($"{_folder[file]}{further}", line.TrimEnd(), StringComparison.Ordinal);
        }
    }

    private async Task<string?> TrainAsync(params string[] words)
    {
        var run = await Pcnode.RunAsync(["train", .. words, .. Small, "--export", _folder["m.onnx"]]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run.Last.GetProperty("weightsSha256").GetString();
    }

    private async Task<string?> DigestAsync(params string[] options)
    {
        var run = await Pcnode.RunAsync(
            ["evaluate", _folder["m.onnx"], "--data", "digits", "--json", .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run.Last.GetProperty("weightsSha256").GetString();
    }
}
