using System.Text.Json;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Training that ends early, with the best epoch's weights: the same result from whatever must change no
/// bit.</summary>
public sealed class EarlyStops : IDisposable
{
    private static readonly string[] Run =
    [
        "train", "residual", "--hidden", "6", "--json", "--epochs", "40", "--optimizer", "adamw", "--learning-rate",
        "0.02", "--schedule", "cosine:warmUp=20,floor=0.05",
    ];

    private static readonly string[] Stopping = [.. Run, "--early-stopping", "2"];

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Rule_clock_threads_and_nodes_change_nothing()
    {
        var expected = (await RunAsync([.. Stopping, "--rule", "bp"])).Last;
        Assert.True(expected.GetProperty("stoppedEarly").GetBoolean());
        foreach (var options in new string[][] { [], ["--clock", "lockstep"], ["--threads", "1"], ["--nodes", "2"] })
            AreSame(expected, (await RunAsync([.. Stopping, .. options])).Last);
    }

    [Fact]
    public async Task The_weights_are_those_of_a_run_that_ends_with_the_best_epoch()
    {
        var stopped = await RunAsync([.. Stopping, "--export", _folder["stopped.onnx"]]);
        var best = stopped.Last.GetProperty("bestEpoch").GetInt32();
        Assert.Equal(best + 2, stopped.Last.GetProperty("epochs").GetInt32());
        Assert.False(stopped.Last.GetProperty("interrupted").GetBoolean());
        Assert.Contains($"early stopping: no epoch of the last 2 was better than epoch {best}; the weights are those",
            stopped.Error, StringComparison.Ordinal);
        Assert.Contains("schedule: cosine over the run's 1840 steps, 40 epochs of 46", stopped.Error,
            StringComparison.Ordinal);
        // The schedule is that of the whole run.
        string[] ended = [.. Run[..^1], "cosine:warmUp=20,floor=0.05,steps=1840", "--steps", $"{46 * best}"];
        var other = await RunAsync([.. ended, "--export", _folder["ended.onnx"]]);
        foreach (var key in new[] { "weightsSha256", "loss", "testAccuracy", "schedule" })
            Assert.Equal(other.Last.GetProperty(key).ToString(), stopped.Last.GetProperty(key).ToString());
        Assert.Equal(ExportedGraph.Of(_folder["ended.onnx"]), ExportedGraph.Of(_folder["stopped.onnx"]));
    }

    [Fact]
    public async Task Stopped_and_resumed_it_comes_to_the_same()
    {
        var expected = (await RunAsync(Stopping)).Last;
        await RunAsync([.. Stopping, "--steps", "30", "--checkpoint", Place]);
        // In the middle of an epoch behind the best one so far.
        await RunAsync(["train", "--json", "--checkpoint", Place, "--resume", "--steps", "100"]);
        // The whole command line again: the schedule's length is the run's, though it is not given.
        AreSame(expected,
            (await RunAsync([.. Stopping, "--checkpoint", Place, "--resume", "--steps", "auto"])).Last);
        // What has ended early has ended.
        AreSame(expected, (await RunAsync(["train", "--json", "--checkpoint", Place, "--resume"])).Last);
        var export = await RunAsync(["checkpoints", Place, "--export", _folder["best.onnx"], "--json"]);
        Assert.Equal(expected.GetProperty("weightsSha256").GetString(),
            export.Last.GetProperty("weightsSha256").GetString());
        // With more patience it goes on, as if it had had it from the beginning.
        var patient = await RunAsync([.. Run, "--early-stopping", "4"]);
        AreSame(patient.Last, (await RunAsync(
            ["train", "--json", "--checkpoint", Place, "--resume", "--early-stopping", "4"])).Last);
    }

    [Fact]
    public async Task The_best_epoch_is_kept_without_stopping()
    {
        var run = await RunAsync([.. Run[..5], "--epochs", "6", .. Run[7..], "--keep-best"]);
        var epochs = run.Json.Where(j => j.GetProperty("event").GetString() == "epoch").ToList();
        var best = epochs.MaxBy(e => e.GetProperty("testAccuracy").GetDouble());
        Assert.Equal(6, epochs.Count);
        Assert.Equal(best.GetProperty("epoch").GetInt32(), run.Last.GetProperty("bestEpoch").GetInt32());
        foreach (var key in new[] { "testAccuracy", "loss" })
            Assert.Equal(best.GetProperty(key).GetDouble(), run.Last.GetProperty(key).GetDouble());
        Assert.Equal((6, false),
            (run.Last.GetProperty("epochs").GetInt32(), run.Last.GetProperty("stoppedEarly").GetBoolean()));
    }

    private static async Task<Pcnode> RunAsync(string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }

    private static void AreSame(JsonElement expected, JsonElement actual)
    {
        foreach (var key in new[] { "weightsSha256", "loss", "testAccuracy", "steps", "epochs", "bestEpoch",
            "stoppedEarly", "schedule" })
            Assert.Equal(expected.GetProperty(key).ToString(), actual.GetProperty(key).ToString());
    }
}
