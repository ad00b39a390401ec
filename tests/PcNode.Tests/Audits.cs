using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing;
using PcActors.Tracing.Format;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>audit: a whole trace passes, a cheat fails, and what is no trace is named in one line.</summary>
public sealed class Audits : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run.trace")]
    [InlineData("run.trace.gz")]
    public async Task A_trace_of_a_run_has_no_violations(string name)
    {
        var (path, graph) = await Record(name);
        var run = await Pcnode.RunAsync("audit", path, "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Empty(run.Error);
        var audit = Assert.Single(run.Json);
        Assert.Equal("audit", audit.GetProperty("event").GetString());
        Assert.Equal(path, audit.GetProperty("file").GetString());
        Assert.Equal(2, audit.GetProperty("steps").GetInt32());
        var forecast = MessageForecast.Of(graph, LearningRule.Zil);
        Assert.Equal(2 * forecast.ValuesPerStep, audit.GetProperty("values").GetInt64());
        Assert.Equal(2 * forecast.ErrorsPerStep, audit.GetProperty("errors").GetInt64());
        Assert.Equal(0, audit.GetProperty("violations").GetInt64());
        Assert.All(audit.GetProperty("checks").EnumerateObject(), check => Assert.Equal(0, check.Value.GetInt64()));
    }

    [Fact]
    public async Task A_person_is_shown_what_every_check_claims()
    {
        var (path, _) = await Record("run.trace");
        var run = await Pcnode.RunAsync("audit", path);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("causality", run.Output, StringComparison.Ordinal);
        Assert.Contains("violations", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cheat_fails_and_is_named()
    {
        var path = await Cheat();
        var run = await Pcnode.RunAsync("audit", path, "--json");
        Assert.Equal(ExitCode.CheckFailed, run.ExitCode);
        Assert.True(run.Last.GetProperty("violations").GetInt64() > 0);
        Assert.Equal(1, run.Last.GetProperty("checks").GetProperty("senders").GetInt64());
        var violation = run.Json.First(j => j.GetProperty("check").GetString() == "senders");
        Assert.Equal("violation", violation.GetProperty("event").GetString());
        Assert.Equal(1, violation.GetProperty("step").GetInt64());
        Assert.Contains("'", violation.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains("senders: step 1", (await Pcnode.RunAsync("audit", path)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", false)]
    [InlineData("hidden1/weight", true)]
    public async Task Vertices_are_recomputed(string vertex, bool isOne)
    {
        var (path, graph) = await Record("run.trace.gz", payloads: true);
        var run = await Pcnode.RunAsync("audit", path, "--recompute", vertex, "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(isOne ? 1 : graph.Vertices.Count, run.Last.GetProperty("recomputedVertices").GetInt32());
        Assert.True(run.Last.GetProperty("recomputedMessages").GetInt64() > 0);
        Assert.Equal(0, run.Last.GetProperty("checks").GetProperty("recompute").GetInt64());
    }

    [Fact]
    public async Task A_vertex_that_the_trace_does_not_have_is_named_with_the_nearest()
    {
        var (path, _) = await Record("run.trace", payloads: true);
        await Pcnode.RefusesAsync(
            ExitCode.BadInput, ["--recompute", "'hidden1/wieght'", "did you mean 'hidden1/weight'?"], "audit", path,
            "--recompute", "hidden1/wieght");
    }

    [Fact]
    public async Task Recomputation_needs_payloads()
    {
        var (path, _) = await Record("run.trace");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--recompute", path, "no payloads", "--payloads"], "audit", path,
            "--recompute", "all");
    }

    [Fact]
    public async Task A_truncated_trace_is_refused()
    {
        var (path, _) = await Record("run.trace");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text[..(text.LastIndexOf('\n', text.Length - 2) + 1)]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [path, "truncated"], "audit", path);
    }

    [Fact]
    public async Task An_edited_trace_is_refused()
    {
        var (path, _) = await Record("run.trace");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace("\"attempt\":1", "\"attempt\":2", StringComparison.Ordinal));
        await Pcnode.RefusesAsync(ExitCode.BadInput, [path, "SHA-256", "edited"], "audit", path);
    }

    [Fact]
    public async Task A_trace_of_another_version_is_refused()
    {
        var (path, _) = await Record("run.trace");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace("\"version\":2", "\"version\":99", StringComparison.Ordinal));
        await Pcnode.RefusesAsync(ExitCode.BadInput, [path, "version 99", "version 2"], "audit", path);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\"event\":\"result\"}\n", "no trace")]
    [InlineData("PK\u0003\u0004", "no trace")]
    public async Task A_file_that_is_no_trace_is_refused(string text, string words)
    {
        var path = _folder.Write("file", text);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [path, words], "audit", path);
    }

    [Fact]
    public async Task A_file_must_be_given_and_be_there()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["FILE", "missing"], "audit");
        await Pcnode.RefusesAsync(ExitCode.BadInput, [_folder["none"], "no such file"], "audit", _folder["none"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [_folder.Path, "folder"], "audit", _folder.Path);
    }

    private async Task<(string Path, Graph<float> Graph)> Record(string name, bool payloads = false)
    {
        var path = _folder[name];
        var graph = ModelCatalogue.Build<float>("mlp", new ModelOptions(4, new Shape(8), 3, Seed: 1) { Hidden = [6] });
        var options = new NetworkOptions { Loss = Loss.SquaredError };
        await using var network = await Network<float>.StartAsync(graph, options with
        {
            Recording = new TraceRecording(
                new TraceOptions { Output = TraceFile.Create(path), Payloads = payloads, Model = "mlp" }),
        });
        var batch = network.NewBatch();
        for (var step = 0; step < 2; step++) await network.StepAsync(batch);
        return (path, network.RunGraph);
    }

    /// <summary>A trace in which somebody else sends one error, with a hash that is right.</summary>
    private async Task<string> Cheat()
    {
        var (path, _) = await Record("honest.trace");
        using var reader = TraceReader.Open(path);
        using var writer = new TraceWriter(TraceFile.Create(_folder["cheat.trace"]), reader.Header);
        var isDone = false;
        foreach (var record in reader.Records())
        {
            if (!isDone && record.Kind == MessageKind.Error.Name) (isDone, record.From) = (true, 0);
            writer.Write(record);
        }
        writer.End();
        return _folder["cheat.trace"];
    }
}
