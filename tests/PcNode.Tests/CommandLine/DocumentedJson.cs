using System.Text.Json;
using System.Text.RegularExpressions;
using PcActors.Learning.Protocol;
using PcActors.Tests.Documentation;
using PcActors.Tracing.Format;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.CommandLine;

/// <summary>Golden: the JSON lines in docs/cli.md and docs/checkpoints.md have the keys of those that
/// commands print, in their order, and there are no others.</summary>
public sealed partial class DocumentedJson : IDisposable
{
    private static readonly string[] Documents = ["cli.md", "checkpoints.md"];
    private static readonly string[] Small = ["mlp", "--hidden", "4"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Documents_show_the_lines_that_commands_print()
    {
        var printed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var output in await Task.WhenAll(TrainingAsync(), OthersAsync(), ClusterAsync()))
            printed.UnionWith(Lines(output).Select(Keys));
        Assert.Equal(Documented(), printed);
    }

    private static SortedSet<string> Documented()
    {
        var text = string.Concat(Documents.Select(f => File.ReadAllText(Path.Combine(Repository.Root, "docs", f))));
        // Within a text, keys stand without values.
        var inline = Inline().Matches(text)
            .Select(m => $"{m.Groups[1].Value}: {string.Join(' ', m.Groups[2].Captures.Select(c => c.Value))}");
        return new(Example().Matches(text).Select(m => Keys(m.Value)).Concat(inline), StringComparer.Ordinal);
    }

    private static string Keys(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        return $"{json.GetProperty("event").GetString()}: {Of(json)["event ".Length..]}";

        static string Of(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(p =>
            p.Value.ValueKind == JsonValueKind.Object ? $"{p.Name}({Of(p.Value)})" : p.Name));
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<string> RunAsync(int exitCode, params string[] args)
    {
        var run = await Pcnode.RunAsync([.. args, "--json"]);
        Assert.True(run.ExitCode == exitCode, run.Error);
        return run.Output;
    }

    private async Task<string> TrainingAsync()
    {
        string[] train = ["train", .. Small, "--epochs", "1", "--steps", "3", "--checkpoint", _folder["run"]];
        var output = await RunAsync(ExitCode.Done, train);
        File.WriteAllText(Path.Combine(_folder["run"], "checkpoint-2.safetensors"), "no checkpoint");
        output += await RunAsync(ExitCode.Done, "checkpoints", _folder["run"]);
        output += await RunAsync(ExitCode.Done, "checkpoints", _folder["run"], "--export", _folder["saved.onnx"]);
        // What stands in the way of the next one's file.
        Directory.CreateDirectory(Path.Combine(_folder["run"], "checkpoint-92.safetensors.tmp"));
        return output
            + await RunAsync(ExitCode.Done, "train", "--epochs", "2", "--steps", "92", "--checkpoint", _folder["run"],
                "--resume");
    }

    private async Task<string> OthersAsync()
    {
        var trace = _folder["run.trace"];
        var paper = RunAsync(ExitCode.Done, "paper", "mlp", "--out", _folder["report"], "--quick", "--batch", "8");
        var output = await RunAsync(ExitCode.Done, ["trace", .. Small, "--out", trace]);
        output += await RunAsync(ExitCode.Done, ["trace", .. Small, "--light-cone", "hidden1"]);
        output += await RunAsync(ExitCode.CheckFailed, "audit", WithAWrongTime(trace, _folder["edited.trace"]));
        output += await RunAsync(ExitCode.Done, ["verify", .. Small, "--steps", "1"]);
        output += await RunAsync(ExitCode.Done, ["diagnose", .. Small]);
        output += await RunAsync(ExitCode.Done, ["inspect", .. Small]);
        output += await RunAsync(ExitCode.Done, ["bench", .. Small, "--turns", "1", "--inference-steps", "1"]);
        output += await RunAsync(ExitCode.Done, "suite", "--study", "prospective", "--quick", "--out",
            _folder["suite"]);
        using var step = new StepFolder();
        output += await RunAsync(ExitCode.Done, step.Line);
        output += await RunAsync(ExitCode.Done, "predict", step["m.onnx"], "--input", $"x={step["x.npy"]}");
        output += await RunAsync(ExitCode.Done, ["evaluate", "mlp", "--hidden", "8"]);
        output += await RunAsync(ExitCode.Done, "infer", step["m.onnx"], "--latents", "none", "--clamp",
            $"x={step["x.npy"]}");
        return output + await paper;
    }

    /// <summary>A trace in which one error's time is another, with a hash that is right.</summary>
    private static string WithAWrongTime(string from, string to)
    {
        using var reader = TraceReader.Open(from);
        using var writer = new TraceWriter(TraceFile.Create(to), reader.Header);
        var isDone = false;
        foreach (var record in reader.Records())
        {
            if (!isDone && record.Kind == MessageKind.Error.Name) (isDone, record.Time) = (true, record.Time + 1);
            writer.Write(record);
        }
        writer.End();
        return to;
    }

    private static async Task<string> ClusterAsync()
    {
        using var node = Processes.Start("node", "--json");
        await node.WritesAsync("\"event\":\"node\"", 1);
        var seed = node.Last.GetProperty("address").GetString()!;
        using var train = Processes.Start(["train", .. Small, "--epochs", "100000", "--join", seed]);
        await train.SaysAsync("epoch   ");
        return node.Output + await RunAsync(ExitCode.Done, "cluster", "--join", seed);
    }

    [GeneratedRegex("^\\{\"event\":.*\\}$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("`\\{\"event\":\"(\\w+)\"(?:,\"(\\w+)\")*\\}`")]
    private static partial Regex Inline();
}
