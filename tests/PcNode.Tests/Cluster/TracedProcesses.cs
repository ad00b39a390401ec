using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>Runs on worker processes, every message recorded: one trace of all of them, or the word
/// that there is none.</summary>
public sealed class TracedProcesses : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_on_several_processes_leaves_one_trace_that_passes_the_audit()
    {
        string[] network = ["residual", "--hidden", "6", "--steps", "5", "--json"];
        var expected = await Pcnode.RunAsync(["train", .. network]);
        using var run = Processes.Start(["train", .. network, "--nodes", "2", "--trace", _folder["run.trace.gz"]]);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        Assert.Contains(expected.Last.GetProperty("weightsSha256").GetString()!, run.Output, StringComparison.Ordinal);
        var audit = await Pcnode.RunAsync("audit", _folder["run.trace.gz"], "--json");
        Assert.Equal(ExitCode.Done, audit.ExitCode);
        Assert.Equal(5, audit.Last.GetProperty("steps").GetInt64());
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_trace_of_several_processes_can_be_recomputed()
    {
        using var run = Processes.Start("trace", "mlp", "--hidden", "8", "--clock", "lockstep", "--nodes", "2",
            "--payloads", "--out", _folder["run.trace"]);
        Assert.Equal(ExitCode.Done, await run.EndAsync());
        var audit = await Pcnode.RunAsync("audit", _folder["run.trace"], "--recompute", "all", "--json");
        Assert.Equal(ExitCode.Done, audit.ExitCode);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Where_there_is_no_room_for_parts_of_the_trace_the_run_ends_well_and_says_that_there_is_none()
    {
        string[] network = ["residual", "--hidden", "6", "--steps", "20", "--json"];
        var expected = await Pcnode.RunAsync(["train", .. network]);
        using var run = Processes.Start([], ["train", .. network, "--nodes", "2", "--trace", _folder["run.trace"]],
            ("TMPDIR", _folder["nowhere"]));
        Assert.Equal(ExitCode.RunFailed, await run.EndAsync());
        Assert.Contains("the trace is abandoned: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected.Last.GetProperty("weightsSha256").GetString()!, run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    [Trait("Suite", "Long")]
    public async Task A_temporary_directory_that_gets_full_costs_the_trace_and_not_the_run()
    {
        string[] network = ["residual", "--hidden", "6", "--steps", "200", "--json"];
        var expected = await Pcnode.RunAsync(["train", .. network]);
        var small = _folder["small"];
        Directory.CreateDirectory(small);
        using var run = Processes.Start(
            SmallDisk.Before(small, "40k"), ["train", .. network, "--nodes", "2", "--trace", _folder["run.trace"]],
            ("TMPDIR", small));
        var exitCode = await run.EndAsync();
        Skip.If(SmallDisk.IsMissing(exitCode, run), "a small file system cannot be mounted here");
        Assert.Equal(ExitCode.RunFailed, exitCode);
        Assert.Contains("the trace is abandoned: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected.Last.GetProperty("weightsSha256").GetString()!, run.Output, StringComparison.Ordinal);
        // What is left of it does not pass for one.
        Assert.Equal(ExitCode.BadInput, (await Pcnode.RunAsync("audit", _folder["run.trace"])).ExitCode);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task When_a_worker_is_killed_the_run_ends_well_and_says_that_there_is_no_trace()
    {
        string[] network = ["residual", "--hidden", "6", "--epochs", "12", "--json"];
        var expected = await Pcnode.RunAsync(["train", .. network]);
        using var run = Processes.Start(["train", .. network, "--nodes", "2", "--trace", _folder["run.trace.gz"]]);
        await run.SaysAsync("epoch  2/12");
        Processes.Signal(run.Children()[0], "KILL");
        Assert.Equal(ExitCode.RunFailed, await run.EndAsync());
        Assert.Contains("the trace is abandoned: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("a node was lost", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected.Last.GetProperty("weightsSha256").GetString()!, run.Output, StringComparison.Ordinal);
    }
}
