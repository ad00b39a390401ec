using System.Diagnostics;
using System.Text;
using PcActors.Onnx.Schema;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Property: what an option writes goes behind links and into pipes, never into their place, and
/// not over what is read.</summary>
public sealed class OutputPaths : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Command lines that write OUT; DIR is a folder with a run, a model and a trace.</summary>
    public static TheoryData<string, string> Commands => new()
    {
        { "train --hidden 8 --steps 1 --export OUT", "PcActors" },
        { "step DIR/made.onnx --input DIR/x.npy --target DIR/y.npy --export OUT", "MatMul" },
        { "checkpoints DIR/run --export OUT", "PcActors" },
        { "inspect --hidden 8 --svg OUT", "</svg>" },
        { "trace --hidden 8 --html OUT", "</html>" },
        { "trace --hidden 8 --perfetto OUT", "traceEvents" },
        { "audit DIR/made.trace --html OUT", "</html>" },
        { "audit DIR/made.trace --perfetto OUT", "traceEvents" },
        { "trace --hidden 8 --out OUT", "sha256" },
        { "train --hidden 8 --steps 1 --trace OUT", "sha256" },
        { "train --hidden 8 --steps 1 --log-file OUT", "pcnode " },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Behind_a_link_the_file_that_it_leads_to_is_written(string command, string content)
    {
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["folder"], "real");
        File.WriteAllText(_folder["real/target"], "old");
        File.CreateSymbolicLink(_folder["second"], _folder["folder/target"]);
        // The extension of an export tells its form.
        var link = command.Contains("--export", StringComparison.Ordinal) ? "out.onnx" : "out";
        File.CreateSymbolicLink(_folder[link], "second");
        var run = await RunAsync(command, _folder[link]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(content, File.ReadAllText(_folder["real/target"]), StringComparison.Ordinal);
        Assert.Equal("second", new FileInfo(_folder[link]).LinkTarget);
        Assert.Equal(_folder["folder/target"], new FileInfo(_folder["second"]).LinkTarget);
        Assert.Equal("real", new DirectoryInfo(_folder["folder"]).LinkTarget);
        Assert.Equal([_folder["real/target"]], Directory.GetFiles(_folder["real"]));
    }

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public async Task Into_a_pipe_it_is_written_straight(string command, string content)
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes with names are Unix's");
        await MakePipeAsync(_folder["pipe"]);
        File.CreateSymbolicLink(_folder["out"], "pipe");
        using var reader =
            Process.Start(new ProcessStartInfo("cat", [_folder["pipe"]]) { RedirectStandardOutput = true })!;
        var read = reader.StandardOutput.ReadToEndAsync();
        var run = await RunAsync(command, _folder["out"]);
        if (!reader.WaitForExit(TimeSpan.FromSeconds(20))) reader.Kill();
        Assert.Contains(content, await read, StringComparison.Ordinal);
        // A trace is read again, which no pipe allows: that is told beside the result.
        var isTrace = content == "sha256";
        Assert.Equal(isTrace ? ExitCode.RunFailed : ExitCode.Done, run.ExitCode);
        if (isTrace)
            Assert.Contains("pipe",
                Assert.Single(run.ErrorLines, l => l.StartsWith("pcnode: ", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        Assert.Equal("pipe", new FileInfo(_folder["out"]).LinkTarget);
        using var test = Process.Start("test", ["-p", _folder["pipe"]]);
        await test.WaitForExitAsync();
        Assert.Equal(0, test.ExitCode);
    }

    [Fact]
    public async Task What_is_read_is_not_written_over()
    {
        await PrepareAsync();
        var experiment = _folder.Write("run.conf", "pcactors { model = mlp, hidden = 8 }");
        var own = _folder.Write("own.conf",
            "pcactors { graph { data { x = [64] }, parameters { w { shape = [64, 10] } }, vertices { y { op = "
            + "MatMul, inputs = [x, w] } } } }");
        var data = _folder.Write("data.csv",
            string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},{i % 3},{i % 2}\n")));
        var (model, x, y) = (_folder["made.onnx"], _folder["x.npy"], _folder["y.npy"]);
        var checkpoint = Directory.GetFiles(_folder["run"], "*.safetensors")[0];
        File.CreateSymbolicLink(_folder["link"], data);
        string[][] lines =
        [
            ["train", experiment, "--export", experiment], ["train", own, "--export", own],
            ["train", "--data", data, "--export", data],
            ["train", "--data", data, "--export", _folder["link"]],
            ["train", "--data", data, "--trace", _folder["link"]],
            ["step", model, "--input", x, "--target", y, "--export", x],
            ["step", model, "--input", x, "--target", y, "--export", y],
            ["checkpoints", _folder["run"], "--export", checkpoint],
            ["inspect", experiment, "--svg", experiment], ["inspect", own, "--svg", own],
            ["inspect", model, "--svg", model],
            ["inspect", "--data", data, "--svg", _folder["link"]],
            ["trace", "--data", data, "--html", _folder["link"]],
            ["audit", _folder["made.trace"], "--html", _folder["made.trace"]],
            ["paper", "mlp", "--data", data, "--out", _folder.Path],
            ["train", experiment, "--log-file", experiment], ["train", "--data", data, $"--log-file={data}"],
        ];
        foreach (var line in lines)
        {
            var before = Contents();
            await Pcnode.RefusesAsync(ExitCode.BadInput,
                [line.Last().Split('=')[0].StartsWith('-') ? "--log-file" : line[^2]], line);
            Assert.Equal(before, Contents());
        }
        // A model file may take the place of the one that it is made from.
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("step", model, "--input", x, "--target", y, "--export", model)).ExitCode);
    }

    [Fact]
    public async Task The_external_data_of_a_model_are_not_written_over()
    {
        var model = StepFolder.Model();
        var weights = model.Proto.Graph.Initializer.Single(t => t.Name == "w");
        weights.FloatData.Clear();
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        File.WriteAllBytes(_folder["m.onnx"], model.Bytes);
        File.WriteAllBytes(_folder["weights.bin"], new byte[16]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--svg", "is read from"], "inspect", _folder["m.onnx"], "--svg",
            _folder["weights.bin"]);
        Assert.Equal(new byte[16], File.ReadAllBytes(_folder["weights.bin"]));
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("inspect", _folder["m.onnx"], "--svg", _folder["m.svg"])).ExitCode);
    }

    [Fact]
    public async Task A_picture_is_refused_before_the_graph_is_built()
    {
        string[] line = ["inspect", "--granularity", "scalar", "--hidden", "100000", "--svg", _folder["no/such.svg"]];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--svg", "no folder"], line);
    }

    [Fact]
    public async Task Links_that_lead_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");
        File.CreateSymbolicLink(_folder["a.onnx"], "a");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--export", "cannot be written"], "train", "--export",
            _folder["a.onnx"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--svg", "cannot be written"], "inspect", "--svg", _folder["a"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--html", "cannot be written"], "trace", "--html", _folder["a"]);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Pcnode> RunAsync(string command, string output)
    {
        await PrepareAsync();
        return await Pcnode.RunAsync(command
            .Replace("DIR", _folder.Path, StringComparison.Ordinal).Replace("OUT", output, StringComparison.Ordinal)
            .Split(' '));
    }

    private async Task PrepareAsync()
    {
        using var step = new StepFolder();
        foreach (var file in new[] { "x.npy", "y.npy" }) File.Copy(step[file], _folder[file]);
        await Pcnode.RunAsync("train", "--hidden", "8", "--steps", "1", "--checkpoint", _folder["run"]);
        File.Copy(step["m.onnx"], _folder["made.onnx"]);
        await Pcnode.RunAsync("trace", "--hidden", "8", "--out", _folder["made.trace"]);
    }

    private IReadOnlyList<string> Contents() =>
    [
        .. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(
                f => $"{f} {Encoding.Latin1.GetString(File.ReadAllBytes(f)).GetHashCode(StringComparison.Ordinal)}"),
    ];

    private static async Task MakePipeAsync(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        await make.WaitForExitAsync();
    }
}
