using System.Text.Json;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: a path that could be written when it was asked for cannot be in the end. The result stands, and
/// the exit code is 3.</summary>
public sealed class FailingWrites : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FailingWrites() => Directory.CreateDirectory(_folder["gone"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_export_that_fails_costs_the_model_file_and_not_the_result(bool json)
    {
        string[] train = ["train", "--hidden", "8", "--epochs", "1", .. json ? (string[])["--json"] : []];
        var expected = await Pcnode.RunAsync("train", "--hidden", "8", "--epochs", "1", "--json");
        var run = await RunAsync(
            "epoch 1/1", "",
            [.. train, "--trace", _folder["t"], "--checkpoint", _folder["gone/run"], "--export",
                _folder["gone/out.onnx"]]);
        Assert.Equal(ExitCode.RunFailed, run.ExitCode);
        Assert.Contains(expected.Last.GetProperty("weightsSha256").GetString()!, run.Output, StringComparison.Ordinal);
        Assert.Contains("nothing of the run is saved", run.ErrorLines[^2], StringComparison.Ordinal);
        Assert.StartsWith($"pcnode: --export: {_folder["gone/out.onnx"]}", run.ErrorLines[^1],
            StringComparison.Ordinal);
        if (!json)
        {
            Assert.DoesNotContain("model file", run.Output, StringComparison.Ordinal);
            return;
        }
        Assert.Equal(["epoch", "checkpointFailed", "trace", "result"],
            run.Json.Select(j => j.GetProperty("event").GetString()));
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("export").ValueKind);
        Assert.Equal(0, run.Json[^2].GetProperty("violations").GetInt64());
    }

    [SkippableFact]
    public async Task A_step_whose_model_fits_on_no_disk_says_what_came_of_it()
    {
        Directory.CreateDirectory(_folder["small"]);
        using var step = new StepFolder();
        var model = StepFolder.Model();
        model.Proto.DocString = new string('x', 100_000);
        step.WriteModel(model);
        var expected = await Pcnode.RunAsync([.. step.Line, "--json"]);
        using var run = Processes.Start(
            SmallDisk.Before(_folder["small"], "16k", "ls -A \"$0\" > \"$0.files\""),
            [.. step.Line, "--json", "--export", _folder["small/out.onnx"]]);
        var exitCode = await run.EndAsync();
        Skip.If(SmallDisk.IsMissing(exitCode, run), "a small file system cannot be mounted here");
        Assert.Equal(ExitCode.RunFailed, exitCode);
        foreach (var key in new[] { "loss", "weightsSha256" })
            Assert.Equal(expected.Last.GetProperty(key).ToString(), run.Last.GetProperty(key).ToString());
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("export").ValueKind);
        Assert.StartsWith("pcnode: --export: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(_folder["small.files"]));
    }

    [Theory]
    [InlineData("--html", false, ExitCode.RunFailed)]
    [InlineData("--perfetto", false, ExitCode.RunFailed)]
    [InlineData("--html", true, ExitCode.CheckFailed)]
    public async Task An_audit_keeps_its_verdict_when_a_picture_cannot_be_written(string option, bool isEdited,
        int exitCode)
    {
        var trace = _folder["t"];
        await Pcnode.RunAsync("trace", "--hidden", "8", "--out", trace);
        if (isEdited) trace = Edited(trace);
        var run =
            await RunAsync("", "\"event\":\"audit\"", ["audit", trace, option, _folder["gone/picture"], "--json"]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(isEdited, run.Last.GetProperty("violations").GetInt64() > 0);
        Assert.StartsWith($"pcnode: {option}: '{_folder["gone/picture"]}' cannot be written",
            Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trace_names_the_pictures_that_are_there_and_no_others(bool json)
    {
        await Pcnode.RunAsync("trace", "--hidden", "8", "--out", _folder["t"]);
        using var reader = TraceReader.Open(_folder["t"]);
        var audit = TraceAudit.Run(reader.Header, reader.Records());
        var experiment = Experiment.Create("mlp", [], "trace");
        var report = new TraceReport(experiment, _folder["t"], audit.Steps, "hash", reader.Totals, null, audit);
        report.Draw(new TracePictures(_folder["no/page.html"], _folder["perfetto.json"]));
        using var output = new StringWriter();
        report.Write(new Terminal(output, output), json);
        Assert.Equal(ExitCode.RunFailed, report.ExitCode);
        Assert.True(File.Exists(_folder["perfetto.json"]));
        Assert.Contains(_folder["perfetto.json"], output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no folder", output.ToString(), StringComparison.Ordinal);
        if (json)
            Assert.Equal(JsonValueKind.Null,
                JsonDocument.Parse(output.ToString()).RootElement.GetProperty("html").ValueKind);
        else Assert.DoesNotContain("page  ", output.ToString(), StringComparison.Ordinal);
        // A message that broke a rule counts for more than a picture.
        var fewer = new TraceReport(experiment, _folder["t"], audit.Steps + 1, "hash", reader.Totals, null, audit);
        fewer.Draw(new TracePictures(_folder["no/page.html"], null));
        Assert.Equal(ExitCode.CheckFailed, fewer.ExitCode);
    }

    [SkippableFact]
    public async Task A_trace_that_is_not_kept_is_named_when_it_fails()
    {
        Directory.CreateDirectory(_folder["small"]);
        using var run = Processes.Start(
            SmallDisk.Before(_folder["small"], "16k"), ["trace", "--steps", "50", "--html", _folder["t.html"]],
            ("TMPDIR", _folder["small"]));
        var exitCode = await run.EndAsync();
        Skip.If(SmallDisk.IsMissing(exitCode, run), "a small file system cannot be mounted here");
        Assert.Equal(ExitCode.RunFailed, exitCode);
        Assert.Matches($"trace +{_folder["small"]}/pcnode-[0-9a-f]+\\.trace\\.gz, abandoned: ", run.Output);
        Assert.DoesNotContain("t.html", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["t.html"]));
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_any_more_is_no_bad_usage()
    {
        var run = await RunAsync("1/", "", ["paper", "mlp", "--quick", "--batch", "4", "--out", _folder["gone"]]);
        Assert.Equal(ExitCode.RunFailed, run.ExitCode);
        Assert.Contains($"'{_folder["gone/measurements.jsonl"]}' cannot be written: there is no folder",
            run.ErrorLines[^1], StringComparison.Ordinal);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out"], "paper", "mlp", "--out", _folder.Write("file", ""));
    }

    /// <summary>Runs a command line; a folder goes when a text is said, or printed.</summary>
    private async Task<Pcnode> RunAsync(string said, string printed, string[] args)
    {
        using var output = new Watching(printed, Remove);
        using var error = new Watching(said, Remove);
        var exitCode = await Cli.RunAsync(args, output, error);
        return new Pcnode(exitCode, output.ToString(), error.ToString());
    }

    private void Remove()
    {
        if (Directory.Exists(_folder["gone"])) Directory.Delete(_folder["gone"], recursive: true);
    }

    private string Edited(string trace)
    {
        using (var reader = TraceReader.Open(trace))
        using (var writer = new TraceWriter(TraceFile.Create(_folder["edited"]), reader.Header))
        {
            // A message is missing.
            foreach (var record in reader.Records().Where((_, number) => number != 5)) writer.Write(record);
            writer.End();
        }
        return _folder["edited"];
    }

    private sealed class Watching(string text, Action action) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (text.Length > 0 && value?.Contains(text, StringComparison.Ordinal) == true) action();
        }
    }
}
