using System.Diagnostics;
using System.Text.Json;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>A disk that is full while a run is saved, or a directory that is gone: the checkpoint
/// fails, the run does not.</summary>
public sealed class FullDisk
{
    [SkippableFact]
    public async Task A_disk_that_no_checkpoint_fits_on_costs_all_of_them_and_the_run_ends_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var small = folder["small"];
        Directory.CreateDirectory(small);
        string[] train = ["train", "--epochs", "5", "--json"];
        using var run = Processes.Start(
            SmallDisk.Before(small, "64k", "ls -A \"$0\" > \"$0.files\""),
            [.. train, "--checkpoint", small, "--checkpoint-every", "30"]);
        var exitCode = await run.EndAsync();
        Skip.If(SmallDisk.IsMissing(exitCode, run), "a small file system cannot be mounted here");
        Assert.Equal(ExitCode.Done, exitCode);
        IsNotSaved(run, small, await Pcnode.RunAsync(train));
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Equal("checkpoints.lock\n", File.ReadAllText(small + ".files"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_directory_that_is_deleted_or_moved_away_is_told_at_once_and_at_the_end(bool isMoved)
    {
        using var folder = new TemporaryFolder();
        var place = folder["run"];
        string[] train = ["train", "residual", "--hidden", "6", "--json", "--epochs", "100000"];
        // The next checkpoint is due in an hour.
        using var run = Processes.Start([.. train, "--checkpoint", place, "--checkpoint-every", "3600s"]);
        await run.WritesAsync("\"event\":\"epoch\"", 1);
        if (isMoved) Directory.Move(place, folder["away"]);
        else Directory.Delete(place, recursive: true);
        await run.WritesAsync("\"event\":\"checkpointFailed\"", 1);
        Assert.Contains("the directory was deleted or moved away", run.Output, StringComparison.Ordinal);
        Processes.Signal(run.Process.Id, "TERM");
        Assert.Equal(ExitCode.Terminated, await run.EndAsync());
        var steps = run.Last.GetProperty("steps").GetInt64();
        IsNotSaved(run, place, await Pcnode.RunAsync([.. train, "--steps", $"{steps}"]));
        Assert.False(Directory.Exists(place));
    }

    [SkippableFact]
    public async Task The_run_goes_on_and_the_checkpoint_is_reported_as_failed()
    {
        using var folder = new TemporaryFolder();
        var mount = folder["small"];
        Directory.CreateDirectory(mount);
        Skip.IfNot(Call("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount),
            "a small file system cannot be mounted here");
        try
        {
            string[] network = ["residual", "--hidden", "60", "--json", "--epochs", "100000"];
            var place = System.IO.Path.Combine(mount, "run");
            Directory.CreateDirectory(place);
            Fill(System.IO.Path.Combine(mount, "other"));
            using var run = Processes.Start(["train", .. network, "--checkpoint", place, "--checkpoint-every", "0.2s"]);
            await run.WritesAsync("\"event\":\"checkpointFailed\"", 2);
            File.Delete(System.IO.Path.Combine(mount, "other"));
            await run.WritesAsync("\"event\":\"checkpoint\"", 2);
            Processes.Signal(run.Process.Id, "TERM");
            Assert.Equal(ExitCode.Terminated, await run.EndAsync());

            var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(l => JsonDocument.Parse(l).RootElement).ToList();
            var failures = lines.Where(l => l.GetProperty("event").GetString() == "checkpointFailed").ToList();
            Assert.All(failures,
                f => Assert.Contains($"in '{place}'", f.GetProperty("reason").GetString(), StringComparison.Ordinal));
            Assert.Equal(failures.Count,
                run.Error.Split('\n').Count(l => l.StartsWith("checkpoint: ", StringComparison.Ordinal)));
            var steps = lines[^1].GetProperty("steps").GetInt64();
            var expected = await Pcnode.RunAsync(["train", .. network, "--steps", $"{steps}"]);
            var weights = expected.Last.GetProperty("weightsSha256").GetString();
            Assert.Equal(weights, lines[^1].GetProperty("weightsSha256").GetString());
            var resumed =
                await Pcnode.RunAsync("train", "--json", "--steps", $"{steps}", "--checkpoint", place, "--resume");
            Assert.Contains($"goes on from step {steps}", resumed.Error, StringComparison.Ordinal);
            Assert.Equal(weights, resumed.Last.GetProperty("weightsSha256").GetString());
        }
        finally
        {
            Call("umount", "--lazy", mount);
        }
    }

    private static void IsNotSaved(Processes run, string place, Pcnode expected)
    {
        Assert.Equal(JsonValueKind.Null, run.Last.GetProperty("savedStep").ValueKind);
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(),
            run.Last.GetProperty("weightsSha256").GetString());
        // A busy machine may say besides that it measures the accuracy.
        Assert.Contains($"checkpoint: nothing of the run is saved in '{place}'",
            run.Error.Split('\n', StringSplitOptions.TrimEntries));
        Assert.DoesNotContain("\"event\":\"checkpoint\"", run.Output, StringComparison.Ordinal);
    }

    private static void Fill(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) stream.Write(new byte[4_096]);
        }
        catch (IOException)
        {
            // That was the last block.
        }
    }

    private static bool Call(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
