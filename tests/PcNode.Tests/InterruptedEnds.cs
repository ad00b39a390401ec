using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: a run is asked to end while it measures the accuracy, or saves for the last time. It
/// is gone in time, leaves nothing unfinished, and what it says is saved goes on with the bits of a run
/// that was never asked.</summary>
public sealed class InterruptedEnds : IDisposable
{
    private const int Seed = 7;

    // A run that has a checkpoint to save may finish its steps, for ten seconds, and then
    // takes as long as the file does.
    private static readonly TimeSpan LimitWithACheckpoint = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SlackOfASlowDisk = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("INT", 64)]
    [InlineData("TERM", 1_500)]
    public async Task In_the_test_set_without_checkpoints(string signal, int hidden)
    {
        string[] train = ["train", "mlp", "--hidden", $"{hidden}", "--data", NearlyAllTest(), "--batch", "32",
            "--epochs", "100000", "--json"];
        using var run =
            await InterruptAsync(signal, train, run => run.WritesAsync("\"event\":\"epoch\"", 1), seconds: 1.5);
        Assert.Equal(signal == "INT" ? ExitCode.Interrupted : ExitCode.Terminated, run.Process.ExitCode);
        // Where there was no time for the result there is none, and no half of one.
        Assert.All(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            line => JsonDocument.Parse(line));
    }

    [SkippableFact]
    public async Task In_the_test_set_with_a_checkpoint()
    {
        string[] train = ["train", "mlp", "--hidden", "64", "--data", NearlyAllTest(), "--batch", "32", "--json"];
        string[] saved = ["--checkpoint", _folder["run"], "--checkpoint-every", "3600s"];
        using var run = await InterruptAsync("TERM", [.. train, "--epochs", "100000", .. saved],
            run => run.WritesAsync("\"event\":\"epoch\"", 1), seconds: 1.5);
        Assert.Equal(ExitCode.Terminated, run.Process.ExitCode);
        await GoesOnAsync(run, train);
    }

    [SkippableFact]
    [Trait("Suite", "Long")]
    public async Task In_the_last_save()
    {
        // A hundred megabytes, which take their time.
        string[] train = ["train", "mlp", "--hidden", "3000,3000", "--optimizer", "adam", "--json"];
        string[] saved = ["--checkpoint", _folder["run"]];
        using var run = await InterruptAsync("TERM", [.. train, "--steps", "1", .. saved], IsSavingAsync, seconds: 0);
        // All that was asked for is done.
        Assert.Equal(ExitCode.Done, run.Process.ExitCode);
        Assert.Equal(1, run.Last.GetProperty("savedStep").GetInt64());
        await GoesOnAsync(run, train);
    }

    [SkippableFact]
    [Trait("Suite", "Long")]
    public async Task In_a_step_that_is_too_long_to_be_saved()
    {
        // A step of minutes.
        string[] train = ["train", "mlp", "--rule", "il", "--inference-steps", "1000000", "--batch", "512"];
        using var run = await InterruptAsync("INT", [.. train, "--checkpoint", _folder["run"]],
            run => run.SaysAsync("features: "), seconds: 0);
        Assert.Equal(ExitCode.Interrupted, run.Process.ExitCode);
        Assert.EndsWith("cut off while finishing the steps at hand, to save them: nothing of the run is saved",
            run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("TERM", "verify --steps 300", 8)]
    [InlineData("INT", "bench mlp rnn --data digits --hidden 5 --turns 1 --inference-steps 3", 2)]
    public async Task In_a_series_of_which_a_part_is_done(string signal, string command, int count)
    {
        using var run = await InterruptAsync(signal, command.Split(' '), run => run.SaysAsync("1 of "), seconds: 0);
        Assert.Equal(signal == "INT" ? ExitCode.Interrupted : ExitCode.Terminated, run.Process.ExitCode);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var done = run.Error.Split(" of ").Length - 1;
        Assert.Equal($"Not complete: {done} of {count} done.", lines[0]);
        Assert.Contains(lines.Skip(1), line => line.Split(' ').Contains("mlp"));
        Assert.EndsWith("pcnode: interrupted", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    private async Task<Processes> InterruptAsync(string signal, string[] args, Func<Processes, Task> began,
        double seconds)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are Linux's");
        Directory.CreateDirectory(_folder["tmp"]);
        var run = Processes.Start([], args, ("TMPDIR", _folder["tmp"]));
        await began(run);
        await Task.Delay(TimeSpan.FromSeconds(seconds * new Random(Seed ^ args.Length).NextDouble()));
        Assert.False(run.Process.HasExited, run.Error);
        var asked = Stopwatch.GetTimestamp();
        Processes.Signal(run.Process.Id, signal);
        // Its end, and not that of what it has written: that may be read later.
        run.Process.WaitForExit(TimeSpan.FromMinutes(1));
        var ended = Stopwatch.GetElapsedTime(asked);
        await run.EndAsync();
        var limit = args.Contains("--checkpoint") ? LimitWithACheckpoint + SlackOfASlowDisk : Interruptions.Limit;
        Assert.InRange(ended, TimeSpan.Zero, limit + Interruptions.SlackOfALoadedMachine);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), f =>
            f.EndsWith(".partial", StringComparison.Ordinal) || f.EndsWith(".tmp", StringComparison.Ordinal)
                || Path.GetFileName(f).StartsWith("pcnode-", StringComparison.Ordinal));
        return run;
    }

    /// <summary>Waits until the file of a checkpoint is being written.</summary>
    private async Task IsSavingAsync(Processes run)
    {
        while (!Directory.Exists(_folder["run"]) || Directory.GetFiles(_folder["run"], "*.safetensors*").Length == 0)
        {
            Assert.False(run.Process.HasExited, run.Error);
            await Task.Yield();
        }
    }

    private async Task GoesOnAsync(Processes run, string[] train)
    {
        var steps = run.Last.GetProperty("steps").GetInt64();
        Assert.Equal(steps, run.Last.GetProperty("savedStep").GetInt64());
        string[] longer = ["--steps", $"{steps + 1}", "--epochs", "100000"];
        var resumed = await Pcnode.RunAsync(["train", "--json", .. longer, "--checkpoint", _folder["run"], "--resume"]);
        var expected = await Pcnode.RunAsync([.. train, .. longer]);
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(),
            resumed.Last.GetProperty("weightsSha256").GetString());
    }

    /// <summary>Images of which one batch is to train on and thousands to test: a run is nearly
    /// always at the latter.</summary>
    private string NearlyAllTest()
    {
        var folder = _folder["images"];
        Directory.CreateDirectory(folder);
        var random = new Random(Seed);
        foreach (var (part, count) in new[] { ("train", 32), ("t10k", 20_000) })
        {
            var (images, labels) = (new byte[16 + (64 * count)], new byte[8 + count]);
            foreach (var (place, number) in new[] { (0, 0x803), (4, count), (8, 8), (12, 8) })
                BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(place), number);
            foreach (var (place, number) in new[] { (0, 0x801), (4, count) })
                BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(place), number);
            random.NextBytes(images.AsSpan(16));
            for (var i = 0; i < count; i++) labels[8 + i] = (byte)(i % 10);
            File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), images);
            File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), labels);
        }
        return folder;
    }
}
