using System.Text.Json;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;
using PcNode.Experiments;
using PcNode.Reports;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>trace and train --trace: what is recorded is what a run without a trace does, and is
/// audited; a disk that fails costs the trace alone.</summary>
public sealed class Traces : IDisposable
{
    private const string FullDisk = "/dev/full";

    private static readonly string[] Keys =
    [
        "event", "model", "messages", "values", "errors", "control", "bytes", "violations", "weightsSha256", "file",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mlp", "m.trace", "--micro", "2")]
    [InlineData("mlp", "m.trace", "--dtype", "f64")]
    [InlineData("residual", "r.trace.gz", "--clock", "lockstep")]
    [InlineData("residual", "r.trace.gz", "--rule", "il")]
    public async Task Steps_are_those_of_train_and_nothing_is_violated(string model, string name, string option,
        string value)
    {
        string[] options = [model, "--hidden", "8", "--steps", "3", option, value, "--json"];
        var run = await Pcnode.RunAsync(["trace", .. options, "--out", _folder[name]]);
        if (value == "il") Assert.StartsWith("latent: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        else Assert.Equal("", run.Error);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var result = Assert.Single(run.Json);
        Assert.All(Keys, key => Assert.True(result.TryGetProperty(key, out _), key));
        Assert.Equal("trace", result.GetProperty("event").GetString());
        Assert.Equal(3, result.GetProperty("steps").GetInt32());
        Assert.Equal(0, result.GetProperty("violations").GetInt64());
        // The clock changes no count.
        string[] heeded = option == "--clock" ? [] : [option, value];
        var forecast = (await Pcnode.RunAsync(["inspect", model, "--hidden", "8", .. heeded, "--json"])).Last;
        Assert.Equal(3 * forecast.GetProperty("valuesPerStep").GetInt64(), result.GetProperty("values").GetInt64());
        Assert.Equal(3 * forecast.GetProperty("errorsPerStep").GetInt64(), result.GetProperty("errors").GetInt64());
        var trained = (await Pcnode.RunAsync(["train", .. options])).Last;
        Assert.Equal(trained.GetProperty("weightsSha256").GetString(), result.GetProperty("weightsSha256").GetString());
        CheckTotals(_folder[name], result);
    }

    [Fact]
    public async Task Without_options_one_step_of_the_default_network_is_recorded()
    {
        var run = await Pcnode.RunAsync("trace", "--out", _folder["t"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("violations", run.Output, StringComparison.Ordinal);
        using var reader = TraceReader.Open(_folder["t"]);
        Assert.Equal("mlp", reader.Header.Model);
        Assert.False(reader.Header.Payloads);
        Assert.Equal(1, reader.Records().Max(r => r.Step));
    }

    [Fact]
    public async Task With_payloads_every_vertex_can_be_recomputed()
    {
        var run = await Pcnode.RunAsync("trace", "residual", "--hidden", "8", "--steps", "2", "--payloads", "--out",
            _folder["p.trace.gz"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        var audit = await Pcnode.RunAsync("audit", _folder["p.trace.gz"], "--recompute", "all", "--json");
        Assert.Equal(ExitCode.Done, audit.ExitCode);
        Assert.Equal(0, audit.Last.GetProperty("violations").GetInt64());
    }

    [Fact]
    public async Task Pictures_are_drawn_beside_the_trace()
    {
        var run = await Pcnode.RunAsync(
            "trace", "--hidden", "8", "--out", _folder["t"], "--html", _folder["t.html"], "--perfetto",
            _folder["t.json"], "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("hidden1", await File.ReadAllTextAsync(_folder["t.html"]), StringComparison.Ordinal);
        using var events = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["t.json"]));
        Assert.NotEmpty(events.RootElement.GetProperty("traceEvents").EnumerateArray());
    }

    [Fact]
    public async Task Training_has_the_same_bits_with_a_trace_and_says_what_is_in_it()
    {
        string[] options = ["train", "--hidden", "8", "--epochs", "1", "--json"];
        var traced = await Pcnode.RunAsync([.. options, "--trace", _folder["t.gz"]]);
        Assert.Equal(ExitCode.Done, traced.ExitCode);
        Assert.Equal(["epoch", "trace", "result"], traced.Json.Select(j => j.GetProperty("event").GetString()));
        var (trace, result) = (traced.Json[1], traced.Last);
        Assert.Equal((await Pcnode.RunAsync(options)).Last.GetProperty("weightsSha256").GetString(),
            result.GetProperty("weightsSha256").GetString());
        Assert.Equal(0, trace.GetProperty("violations").GetInt64());
        Assert.Equal(46, trace.GetProperty("steps").GetInt32());
        Assert.Equal(
            result.GetProperty("messages").GetInt64(),
            trace.GetProperty("values").GetInt64() + trace.GetProperty("errors").GetInt64());
        CheckTotals(_folder["t.gz"], trace);
    }

    [SkippableTheory]
    [InlineData("trace", "--out")]
    [InlineData("train", "--trace")]
    public async Task A_full_disk_costs_the_trace_and_not_the_run(string command, string option)
    {
        Skip.IfNot(File.Exists(FullDisk), $"there is no {FullDisk}");
        Skip.IfNot(Environment.IsPrivilegedProcess, $"only root may put a file beside {FullDisk}");
        string[] options = [command, "--hidden", "8", "--steps", "2", "--json"];
        var run = await Pcnode.RunAsync([.. options, option, FullDisk]);
        Assert.Equal(ExitCode.RunFailed, run.ExitCode);
        Assert.Contains("the trace is abandoned", Assert.Single(run.Complaints), StringComparison.Ordinal);
        var whole = await Pcnode.RunAsync([.. options, option, _folder["whole"]]);
        Assert.Equal(whole.Last.GetProperty("weightsSha256").GetString(),
            run.Last.GetProperty("weightsSha256").GetString());
        var trace = run.Json.Single(j => j.GetProperty("event").GetString() == "trace");
        Assert.Equal(JsonValueKind.Null, trace.GetProperty("violations").ValueKind);
        Assert.Contains("No space left", trace.GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_run_is_audited_and_nothing_is_kept()
    {
        var run = await Pcnode.RunAsync("trace", "--hidden", "8", "--html", _folder["t.html"], "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(0, run.Last.GetProperty("violations").GetInt64());
        Assert.True(run.Last.GetProperty("messages").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("file").ValueKind);
        Assert.True(File.Exists(_folder["t.html"]));
    }

    [Fact]
    public async Task A_trace_that_is_there_is_drawn_by_its_audit()
    {
        await Pcnode.RunAsync("train", "--hidden", "8", "--steps", "2", "--trace", _folder["t.gz"]);
        var audit = await Pcnode.RunAsync("audit", _folder["t.gz"], "--html", _folder["a.html"], "--perfetto",
            _folder["a.json"]);
        Assert.Equal(ExitCode.Done, audit.ExitCode);
        Assert.Contains("hidden1", await File.ReadAllTextAsync(_folder["a.html"]), StringComparison.Ordinal);
        Assert.Contains("traceEvents", await File.ReadAllTextAsync(_folder["a.json"]), StringComparison.Ordinal);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--html", "twice"], "audit", _folder["t.gz"], "--html",
            _folder["t.gz"]);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_written_costs_the_picture_and_not_the_result()
    {
        await Pcnode.RunAsync("trace", "--hidden", "8", "--out", _folder["t"]);
        using var reader = TraceReader.Open(_folder["t"]);
        var audit = TraceAudit.Run(reader.Header, reader.Records());
        var report = new TraceReport(Experiment.Create("mlp", [], "trace"), _folder["t"], audit.Steps, "hash",
            reader.Totals, null, audit);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        report.Draw(new TracePictures(_folder["no/such/page.html"], null));
        Assert.Equal(ExitCode.RunFailed, report.ExitCode);
        var fewer = new TraceReport(Experiment.Create("mlp", [], "trace"), _folder["t"], audit.Steps + 1, "hash",
            reader.Totals, null, audit);
        Assert.Equal(ExitCode.CheckFailed, fewer.ExitCode);
    }

    [SkippableTheory]
    [InlineData("trace", "--out")]
    [InlineData("train", "--trace")]
    public async Task A_trace_that_cannot_be_read_back_costs_the_trace_and_not_the_result(string command, string option)
    {
        const string Nowhere = "/dev/null";
        Skip.IfNot(File.Exists(Nowhere) && Environment.IsPrivilegedProcess,
            $"only root may put a file beside {Nowhere}");
        var run = await Pcnode.RunAsync(command, "--hidden", "8", "--steps", "2", "--json", option, Nowhere);
        Assert.Equal(ExitCode.RunFailed, run.ExitCode);
        Assert.Contains(Nowhere, Assert.Single(run.Complaints), StringComparison.Ordinal);
        Assert.Equal(64, run.Last.GetProperty("weightsSha256").GetString()!.Length);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_refused_before_anything_runs()
    {
        var missing = _folder["no/such/folder/t"];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", missing, "folder"], "trace", "--out", missing);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", _folder.Path, "folder"], "trace", "--out", _folder.Path);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--html", missing], "trace", "--out", _folder["t"], "--html",
            missing);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--perfetto", missing], "trace", "--out", _folder["t"],
            "--perfetto", missing);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--trace", missing], "train", "--trace", missing);
        Assert.False(File.Exists(_folder["t"]));
    }

    [Fact]
    public async Task What_cannot_be_traced_is_refused()
    {
        var file = _folder["t"];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--payloads", "--out"], "trace", "--payloads");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["'mpl'", "did you mean 'mlp'"], "trace", "mpl", "--out", file);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "sequential backpropagation"], "trace", "--rule", "bp",
            "--out", file);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--trace", "sequential backpropagation"], "train", "--rule", "bp",
            "--trace", file);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--html", "twice"], "trace", "--out", file, "--html", file);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--perfetto", "twice"], "trace", "--out", file, "--html",
            _folder["h"], "--perfetto", _folder["h"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--steps", "'-1'"], "trace", "--steps", "-1", "--out", file);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task The_file_that_a_network_comes_from_is_not_written_over()
    {
        var model = _folder.Write("net.onnx", "");
        File.Copy(await ExportedNetwork(), model, overwrite: true);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "is read from"], "trace", model, "--out", model);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--html", "is read from"], "trace", model, "--html", model);
        var experiment = _folder.Write("run.conf", "pcactors { model = mlp, hidden = 8 }");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "is read from"], "trace", experiment, "--out",
            experiment);
        var run = await Pcnode.RunAsync("trace", model, "--out", _folder["n.trace"], "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(0, run.Last.GetProperty("violations").GetInt64());
    }

    private async Task<string> ExportedNetwork()
    {
        var run = await Pcnode.RunAsync("train", "--hidden", "8", "--steps", "1", "--export", _folder["exported.onnx"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        return _folder["exported.onnx"];
    }

    private static void CheckTotals(string path, JsonElement result)
    {
        using var reader = TraceReader.Open(path);
        Assert.Equal(result.GetProperty("messages").GetInt64(), reader.Records().LongCount());
        Assert.Equal(result.GetProperty("bytes").GetInt64(), reader.Totals.Bytes);
        Assert.Equal(result.GetProperty("control").GetInt64(), reader.Totals.Control);
    }
}
