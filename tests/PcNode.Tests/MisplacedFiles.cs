using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What is no model where MODEL stands is called what it is, with the option that takes it.</summary>
public sealed class MisplacedFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train")]
    [InlineData("inspect")]
    [InlineData("verify")]
    [InlineData("infer")]
    [InlineData("trace")]
    public async Task A_folder_is_called_one(string command)
    {
        Directory.CreateDirectory(_folder["data"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"MODEL: '{_folder["data"]}' is a folder; ", "--data", "*.onnx"],
            command, _folder["data"]);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(Path.Combine(_folder["run"], "checkpoint-3.safetensors"), "");
        await Pcnode.RefusesAsync(ExitCode.BadInput,
            [$"MODEL: '{_folder["run"]}' is a folder with a run's checkpoints", "--checkpoint DIR --resume"], command,
            _folder["run"]);
    }

    [Theory]
    [InlineData("w.safetensors", "--weights")]
    [InlineData("w.npz", "--data or --weights")]
    [InlineData("checkpoint-3.safetensors", "--checkpoint")]
    [InlineData("t.csv", "--data")]
    [InlineData("T.CSV", "--data")]
    [InlineData("x.npy", "--input")]
    [InlineData("model.pt", "none that is read")]
    public async Task A_file_is_called_what_its_name_says(string name, string words) => await Pcnode.RefusesAsync(
        ExitCode.BadInput, [$"MODEL: '{_folder[name]}' is ", words, "*.onnx"], "train", _folder.Write(name, "x"));

    [Fact]
    public Task What_is_not_there_is_unknown() => Pcnode.RefusesAsync(
        ExitCode.BadInput, [$"unknown model '{_folder["no.npz"]}'"], "train", _folder["no.npz"]);
}
