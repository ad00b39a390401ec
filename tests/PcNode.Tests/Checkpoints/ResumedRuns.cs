using System.Text.Json;
using PcNode.Checkpointing;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>Runs that are stopped or killed and resumed: the result of one that was not.</summary>
public sealed class ResumedRuns : IDisposable
{
    private static readonly string[] Network = ["residual", "--hidden", "6", "--json"];

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f32", "adam", "zil", "1")]
    [InlineData("f64", "momentum", "zil", "2")]
    [InlineData("f32", "sgd", "il", "1")]
    [InlineData("f64", "adam", "bp", "2")]
    [InlineData("f32", "adamw", "zil", "1", "--schedule", "cosine:warmUp=10", "--epochs", "2")]
    public async Task In_parts_the_result_is_the_same(string dtype, string optimizer, string rule, string micro,
        params string[] further)
    {
        string[] options = ["--dtype", dtype, "--optimizer", optimizer, "--rule", rule, "--micro", micro,
            .. further, .. rule == "il" ? ["--inference-steps", "5"] : Array.Empty<string>()];
        var expected = await Pcnode.RunAsync(["train", .. Network, .. options, "--steps", "60"]);
        await RunAsync(["train", .. Network, .. options, "--steps", "20", "--checkpoint", Place]);
        // The options of the run come from the checkpoint.
        await RunAsync(["train", "--checkpoint", Place, "--resume", "--json", "--steps", "47", "--threads", "1"]);
        if (rule == "zil")
            await RunAsync(
                ["train", "--checkpoint", Place, "--resume", "--json", "--steps", "50", "--clock", "lockstep"]);
        var run = await RunAsync(
            ["train", .. Network, .. options, "--checkpoint", Place, "--resume", "--steps", "60", "--clock", "auto"]);
        AreSame(expected.Last, run.Last);
        Assert.Contains(run.Json, j => j.GetProperty("event").GetString() == "resumed");
        Assert.Contains(run.Json,
            j => j.GetProperty("event").GetString() == "checkpoint" && j.GetProperty("step").GetInt64() == 60);
    }

    [Fact]
    public async Task A_resumed_run_is_traced_from_where_it_goes_on()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--steps", "30"]);
        await RunAsync(["train", .. Network, "--steps", "20", "--checkpoint", Place]);
        var run = await RunAsync(
            ["train", "--json", "--checkpoint", Place, "--resume", "--steps", "30", "--trace", _folder["rest.trace"]]);
        AreSame(expected.Last, run.Last);
        await RunAsync(["audit", _folder["rest.trace"], "--json"]);
    }

    [Theory]
    [InlineData("has made 92 steps already, more than the 46 of --epochs 1: nothing is trained", "--epochs", "1")]
    [InlineData("is at its end: nothing is trained")]
    [InlineData("is at its end: nothing is trained", "--epochs", "9", "--steps", "92")]
    public async Task A_run_with_nothing_left_to_do_says_so(string words, params string[] options)
    {
        string[] resume = ["train", "--json", "--checkpoint", Place, "--resume"];
        var made = await RunAsync(["train", .. Network, "--checkpoint", Place, "--epochs", "2"]);
        var run = await RunAsync([.. resume, .. options]);
        AreSame(made.Last, run.Last);
        Assert.Contains(run.ErrorLines, l => l.Contains(words, StringComparison.Ordinal));
        var longer = await RunAsync([.. resume, "--epochs", "3"]);
        Assert.DoesNotContain("nothing is trained", longer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_lost_is_what_came_after_the_last_checkpoint_that_counts()
    {
        var time = new TimeToSave(resumed: null);
        Assert.Equal("nothing of the run is saved", time.Loss);
        time.Begin(5);
        Assert.Equal("nothing of the run is saved", time.Loss);
        time.End(isSaved: false);
        Assert.Equal("nothing of the run is saved", time.Loss);
        time.Begin(7);
        time.End(isSaved: true);
        time.Begin(9);
        time.End(isSaved: false);
        Assert.Equal("nothing is saved since the checkpoint of step 7", time.Loss);
        Assert.Equal("nothing is saved since the checkpoint of step 4", new TimeToSave(resumed: 4).Loss);
    }

    [Fact]
    public async Task A_run_without_a_limit_keeps_its_own_length()
    {
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "2"]);
        using var cancellation = new CancellationTokenSource();
        var stopped = Pcnode.RunAsync(
            ["train", .. Network, "--epochs", "2", "--checkpoint", Place, "--checkpoint-every", "5"],
            cancellation.Token);
        while (!(Directory.Exists(Place) && Directory.EnumerateFiles(Place, "*.safetensors").Any())
            && !stopped.IsCompleted) await Task.Delay(1);
        await cancellation.CancelAsync();
        Assert.Contains((await stopped).ExitCode, (int[])[ExitCode.Interrupted, ExitCode.Done]);
        AreSame(expected.Last, (await RunAsync(["train", "--json", "--checkpoint", Place, "--resume"])).Last);
    }

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("TERM", ExitCode.Terminated)]
    [InlineData("KILL", 137)]
    public async Task A_process_that_is_stopped_or_killed_loses_nothing_but_time(string signal, int exitCode)
    {
        // So long that it is stopped on any machine, however fast.
        string[] next = [.. Network, "--epochs", "100000", "--checkpoint", Place];
        for (var stops = 0; stops < 3; stops++)
        {
            using var run = Processes.Start(["train", .. next, "--checkpoint-every", "3"]);
            // Some way further each time.
            await run.WritesAsync("\"event\":\"checkpoint\"", 3);
            Processes.Signal(run.Process.Id, signal);
            Assert.Equal(exitCode, await run.EndAsync());
            next = ["--json", "--checkpoint", Place, "--resume"];
            if (signal == "KILL") continue;
            // An end that was asked for is saved.
            var last = LastOf(run.Output);
            Assert.True(last.GetProperty("interrupted").GetBoolean());
            Assert.Contains($$"""{"event":"checkpoint","step":{{last.GetProperty("steps").GetInt64()}}}""", run.Output,
                StringComparison.Ordinal);
        }
        var reached = (await RunAsync(["checkpoints", Place, "--json"])).Json[0].GetProperty("step").GetInt64();
        var expected = await Pcnode.RunAsync(["train", .. Network, "--epochs", "100000", "--steps", $"{reached + 50}"]);
        AreSame(expected.Last, (await RunAsync(["train", .. next, "--steps", $"{reached + 50}"])).Last);
    }

    [Fact]
    public async Task A_model_file_comes_from_any_checkpoint()
    {
        await RunAsync(["train", .. Network, "--steps", "10", "--checkpoint", Place]);
        var trained = await RunAsync(
            ["train", "--json", "--steps", "16", "--checkpoint", Place, "--resume", "--export",
                _folder["trained.onnx"]]);
        var list = await RunAsync(["checkpoints", Place, "--json"]);
        Assert.Equal([16L, 10], list.Json.Select(j => j.GetProperty("step").GetInt64()));
        Assert.All(list.Json, j => Assert.Equal("residual", j.GetProperty("model").GetString()));
        var last = await RunAsync(["checkpoints", Place, "--export", _folder["last.onnx"], "--json"]);
        Assert.Equal(trained.Last.GetProperty("weightsSha256").GetString(),
            last.Last.GetProperty("weightsSha256").GetString());
        Assert.Equal(File.ReadAllBytes(_folder["trained.onnx"]), File.ReadAllBytes(_folder["last.onnx"]));
        var earlier =
            await RunAsync(["checkpoints", Place, "--step", "10", "--export", _folder["earlier.onnx"], "--json"]);
        var ten = await Pcnode.RunAsync(["train", .. Network, "--steps", "10", "--export", _folder["ten.onnx"]]);
        Assert.Equal(ten.Last.GetProperty("weightsSha256").GetString(),
            earlier.Last.GetProperty("weightsSha256").GetString());
        Assert.Equal(File.ReadAllBytes(_folder["ten.onnx"]), File.ReadAllBytes(_folder["earlier.onnx"]));
        Assert.Contains("step 16", (await RunAsync(["checkpoints", Place])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_file_with_a_network_of_its_own_is_resumed()
    {
        File.WriteAllText(_folder["net.conf"], """
            pcactors {
              batch = 16
              checkpoint.every = 7
              graph {
                data { x = [64] }
                parameters { w { shape = [64, 10], init = normal, deviation = 0.1 } }
                vertices { y { op = MatMul, inputs = [x, w] } }
              }
            }
            """);
        var expected = await RunAsync(["train", _folder["net.conf"], "--steps", "30", "--json"]);
        await RunAsync(["train", _folder["net.conf"], "--steps", "20", "--json", "--checkpoint", Place]);
        AreSame(expected.Last,
            (await RunAsync(["train", "--steps", "30", "--json", "--checkpoint", Place, "--resume"])).Last);
    }

    private static async Task<Pcnode> RunAsync(string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }

    private static void AreSame(JsonElement expected, JsonElement actual)
    {
        foreach (var key in new[] { "weightsSha256", "loss", "testAccuracy", "steps", "messages", "epochs", "model",
            "rule", "dtype" })
            Assert.Equal(expected.GetProperty(key).ToString(), actual.GetProperty(key).ToString());
    }

    private static JsonElement LastOf(string output) =>
        JsonDocument.Parse(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]).RootElement;
}
