using System.Diagnostics;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: a command is interrupted at a random moment, whatever it is at, and is
/// gone within a second.</summary>
public sealed class Interruptions : IDisposable
{
    private const int Seed = 20;

    /// <summary>What is promised.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>What a machine with two cores adds while other tests load it: until the signal's thread gets a
    /// core, and until the kernel has taken back the gigabyte of a large graph. Measured without load: 0.1 s.</summary>
    internal static readonly TimeSpan SlackOfALoadedMachine = TimeSpan.FromSeconds(1);

    private static readonly string[] Signals = ["INT", "TERM", "TERM"];
    private static readonly string[] Pipes = ["FIFO", "FIFO.onnx"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Command lines that go on for minutes, or wait for what never comes. FIFO is a pipe that
    /// nobody writes to, DIR a folder, NODES a cluster that stands.</summary>
    public static TheoryData<string> Commands =>
    [
        "train --epochs 100000",
        "train --epochs 100000 --nodes 2",
        "train --epochs 100000 --join NODES --min-nodes 2",
        "train --epochs 100000 --join 127.0.0.1:9",
        "train --epochs 100000 --trace DIR/run.trace.gz",
        "train --epochs 100000 --checkpoint DIR/RUN",
        "train --epochs 100000 --checkpoint DIR/RUN --checkpoint-every 1 --nodes 2",
        "train mlp --granularity scalar --epochs 1000",
        "train alexnet --batch 64 --export DIR/alexnet.onnx",
        "verify --steps 100000",
        "verify residual --granularity scalar --steps 1000",
        "trace --steps 1000000",
        "trace --steps 1000000 --nodes 2",
        "trace --granularity scalar --steps 20 --html DIR/wave.html --perfetto DIR/wave.json",
        "trace mlp --light-cone hidden1/tanh --rule il --inference-steps 1000000",
        "audit FIFO",
        "audit DIR/made.trace --recompute all --html DIR/wave.html",
        "bench --turns 1000",
        "paper --out DIR/report --turns 1000",
        "suite --out DIR/suite --study prospective --seeds 1000",
        "step FIFO.onnx --input FIFO --target FIFO",
        "step DIR/made.onnx --input FIFO --target FIFO",
        "inspect --granularity scalar --hidden 500,500,500 --vertices",
        "inspect FIFO.onnx",
        "checkpoints DIR/blocked",
        "node --port 0",
        "node --port 0 --seed 127.0.0.1:9",
        "cluster --join 127.0.0.1:9",
    ];

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    [Trait("Suite", "Long")]
    public async Task Every_command_ends_within_a_second_of_a_signal(string command)
    {
        if (command.Contains("made.onnx", StringComparison.Ordinal))
            await Pcnode.RunAsync("train", "--steps", "1", "--export", _folder["made.onnx"]);
        if (command.Contains("made.trace", StringComparison.Ordinal))
            await Pcnode.RunAsync("trace", "--granularity", "unit", "--hidden", "60,40", "--steps", "100", "--payloads",
                "--out", _folder["made.trace"]);
        if (command.Contains("blocked", StringComparison.Ordinal))
            await MakePipeAsync(
                Path.Combine(Directory.CreateDirectory(_folder["blocked"]).FullName, "checkpoint-1.safetensors"));
        using var cluster = command.Contains("NODES", StringComparison.Ordinal)
            ? await StandingCluster.StartAsync(2)
            : null;
        command = command.Replace("NODES", cluster?.Seed, StringComparison.Ordinal);
        var random = new Random(Seed ^ command.Length);
        foreach (var (number, signal) in Signals.Index())
            await InterruptAsync(command.Replace("RUN", $"run{number}", StringComparison.Ordinal), signal,
                TimeSpan.FromSeconds(5 * random.NextDouble()));
    }

    [SkippableFact]
    public async Task A_large_graph_that_is_being_made_is_no_reason_to_stay()
    {
        var error = await InterruptAsync("trace --granularity scalar", "TERM", TimeSpan.FromSeconds(1.5));
        // Whoever cuts it off says so, once.
        Assert.Equal("pcnode: interrupted", error.Trim());
    }

    [SkippableFact]
    [Trait("Suite", "Long")]
    public async Task A_step_that_does_not_end_is_waited_for_and_given_up_in_so_many_words()
    {
        using var run = await InterruptEndlessStepAsync();
        await run.SaysAsync(
            "pcnode: interrupted, and finishing the steps at hand, to save them; another signal ends it at once");
        Assert.False(run.Process.HasExited);
        Assert.Equal(ExitCode.Terminated, await run.EndAsync());
        Assert.Contains("pcnode: cut off while finishing the steps at hand", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    [Trait("Suite", "Long")]
    public async Task A_second_signal_ends_at_once_what_is_being_finished()
    {
        using var run = await InterruptEndlessStepAsync();
        await run.SaysAsync("another signal");
        var asked = Stopwatch.GetTimestamp();
        Processes.Signal(run.Process.Id, "TERM");
        Assert.Equal(ExitCode.Terminated, await run.EndAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Limit + SlackOfALoadedMachine);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A step that does not end, in a run that is saved, and a first signal.</summary>
    private async Task<Processes> InterruptEndlessStepAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are Linux's");
        var run = Processes.Start("train", "--rule", "il", "--inference-steps", "1000000", "--checkpoint",
            _folder["run"]);
        // What is said last before the first step.
        await run.SaysAsync("features: ");
        await Task.Delay(TimeSpan.FromSeconds(4));
        Processes.Signal(run.Process.Id, "TERM");
        return run;
    }

    private static async Task MakePipeAsync(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        await make.WaitForExitAsync();
    }

    private async Task<string> InterruptAsync(string command, string signal, TimeSpan moment)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals and pipes are Linux's");
        foreach (var name in Pipes.Where(name => !File.Exists(_folder[name]))) await MakePipeAsync(_folder[name]);
        var args = command.Replace("DIR", _folder.Path, StringComparison.Ordinal).Split(' ')
            .Select(a => a.StartsWith("FIFO", StringComparison.Ordinal) ? _folder[a] : a);
        using var run = Processes.Start([], [.. args], ("TMPDIR", _folder.Path));
        await Task.Delay(moment);
        Assert.False(run.Process.HasExited,
            $"{command} ended before {moment.TotalSeconds:0.00} s had passed: {run.Error}");
        var asked = Stopwatch.GetTimestamp();
        Processes.Signal(run.Process.Id, signal);
        // Its end, and not that of what it has written: that may be read later.
        run.Process.WaitForExit(TimeSpan.FromMinutes(1));
        var taken = Stopwatch.GetElapsedTime(asked);
        var exitCode = await run.EndAsync();
        var what =
            $"{command}, {signal} after {moment.TotalSeconds:0.00} s (seed {Seed}): ended with {exitCode} after "
            + $"{taken.TotalSeconds:0.00} s: {run.Error}";
        Assert.True(taken < Limit + SlackOfALoadedMachine, what);
        // A node is there until it is asked to leave; but before it knows what it is, the signal is the runtime's.
        var codes = signal == "INT" ? ExitCode.Interrupted : ExitCode.Terminated;
        Assert.True(
            exitCode == codes || (exitCode == ExitCode.Done && command.StartsWith("node", StringComparison.Ordinal)),
            what);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories), f =>
            f.EndsWith(".partial", StringComparison.Ordinal)
                || Path.GetFileName(f).StartsWith("pcnode-", StringComparison.Ordinal));
        return run.Error;
    }
}
