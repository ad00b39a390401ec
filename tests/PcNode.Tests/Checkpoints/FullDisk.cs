using System.Diagnostics;
using System.Text.Json;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Checkpoints;

/// <summary>A disk that is full while a run is saved: the checkpoint fails, the run does not.</summary>
public sealed class FullDisk
{
    [SkippableFact]
    public async Task The_run_goes_on_and_the_checkpoint_is_reported_as_failed()
    {
        using var folder = new TemporaryFolder();
        var mount = folder["small"];
        Directory.CreateDirectory(mount);
        Skip.IfNot(Call("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount), "a small file system cannot be mounted here");
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

            var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
            var failures = lines.Where(l => l.GetProperty("event").GetString() == "checkpointFailed").ToList();
            Assert.All(failures, f => Assert.Contains($"in '{place}'", f.GetProperty("reason").GetString(), StringComparison.Ordinal));
            Assert.Equal(failures.Count, run.Error.Split('\n').Count(l => l.StartsWith("checkpoint: ", StringComparison.Ordinal)));
            var steps = lines[^1].GetProperty("steps").GetInt64();
            var expected = await Pcnode.RunAsync(["train", .. network, "--steps", $"{steps}"]);
            var weights = expected.Last.GetProperty("weightsSha256").GetString();
            Assert.Equal(weights, lines[^1].GetProperty("weightsSha256").GetString());
            var resumed = await Pcnode.RunAsync("train", "--json", "--steps", $"{steps}", "--checkpoint", place, "--resume");
            Assert.Contains($"goes on from step {steps}", resumed.Error, StringComparison.Ordinal);
            Assert.Equal(weights, resumed.Last.GetProperty("weightsSha256").GetString());
        }
        finally
        {
            Call("umount", "--lazy", mount);
        }
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
