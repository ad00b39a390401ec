using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Cluster;

/// <summary>Worker processes on this machine, for one run. One that ends before its time is started again.</summary>
/// <remarks>A worker ends when its standard input does: however this process ends, none is left behind.</remarks>
internal sealed class LocalWorkers : IAsyncDisposable
{
    /// <summary>Of a worker that was started for one run: it ends with its standard input, and with
    /// the run's coordinator.</summary>
    public const string FollowOption = "--follow-coordinator";

    private const int MaxRestarts = 100;

    private readonly string _seed;
    private readonly int _threads;
    private readonly IReadOnlyList<string> _extensions;
    private readonly Terminal _terminal;
    private readonly List<Process> _running = [];
    private readonly Lock _lock = new();
    private int _restarts;
    private int _started;
    private bool _isEnding;

    private LocalWorkers(string seed, int threads, IReadOnlyList<string> extensions, Terminal terminal) =>
        (_seed, _threads, _extensions, _terminal) = (seed, threads, extensions, terminal);

    /// <summary>Starts workers.</summary>
    /// <param name="weights">The weight of each.</param>
    /// <param name="seed">The node that they join, HOST:PORT.</param>
    /// <param name="threads">Threads of each; 0 for an equal share of the processors.</param>
    /// <param name="extensions">Assemblies that each loads.</param>
    /// <param name="terminal">Told when one ends before its time.</param>
    public static LocalWorkers Start(
        IReadOnlyList<double> weights, string seed, int threads, IReadOnlyList<string> extensions, Terminal terminal)
    {
        var workers = new LocalWorkers(seed,
            threads > 0 ? threads : Math.Max(1, Environment.ProcessorCount / weights.Count), extensions, terminal);
        foreach (var weight in weights) workers.StartOne(weight);
        return workers;
    }

    /// <summary>Ends all workers.</summary>
    public async ValueTask DisposeAsync()
    {
        Process[] running;
        lock (_lock)
        {
            _isEnding = true;
            running = [.. _running];
        }
        await Task.WhenAll(running.Select(EndAsync)).ConfigureAwait(false);
    }

    private static async Task EndAsync(Process worker)
    {
        try
        {
            worker.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await worker.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            if (!worker.HasExited) worker.Kill();
        }
        worker.Dispose();
    }

    private void StartOne(double weight)
    {
        var (file, arguments) = Executable();
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        string[] options =
        [
            .. arguments, "node", "--hostname", "127.0.0.1", "--port", "0", "--seed", _seed, "--role", "worker",
            "--weight", $"{weight:R}",
            "--threads", $"{_threads}", FollowOption,
            .. _extensions.SelectMany(path => new[] { SettingCatalogue.Extension.OptionName, path }),
            .. _terminal.Logs?.OptionsOf(Interlocked.Increment(ref _started)) ?? [],
        ];
        foreach (var option in options) start.ArgumentList.Add(option);
        // They are this run's: what the environment says of other clusters is not for them.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PCNODE_", StringComparison.Ordinal))
            .ToList()) start.Environment.Remove(name);
        var worker = new Process { StartInfo = start, EnableRaisingEvents = true };
        var last = "";
        worker.OutputDataReceived += (_, _) => { };
        worker.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            last = text;
            if (_terminal.Logs is { AreShown: true }) _terminal.Error.WriteLine($"worker {worker.Id}: {text}");
        };
        worker.Exited += (_, _) => OnExit(worker, weight, last);
        lock (_lock)
        {
            if (_isEnding) return;
            worker.Start();
            _running.Add(worker);
        }
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
    }

    private void OnExit(Process worker, double weight, string last)
    {
        lock (_lock)
        {
            if (_isEnding) return;
            _running.Remove(worker);
            if (++_restarts > MaxRestarts)
            {
                _terminal.Say(
                    $"cluster: the worker with process id {worker.Id} has ended, and {MaxRestarts} have been started "
                    + "again; no more are", LogLevel.Warning);
                return;
            }
            _terminal.Say(
                $"cluster: the worker with process id {worker.Id} has ended with exit code {worker.ExitCode}; "
                + $"another is started{(last.Length > 0 ? $" ({last})" : "")}", LogLevel.Warning);
        }
        try
        {
            StartOne(weight);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            // On a thread of the pool, where nobody else would catch it.
            _terminal.Say($"cluster: no other worker could be started: {e.Message}", LogLevel.Warning);
        }
    }

    /// <summary>This program, however it was started.</summary>
    private static (string File, string[] Arguments) Executable()
    {
        var program = typeof(LocalWorkers).Assembly.Location;
        var process = Environment.ProcessPath ?? "";
        var name = Path.GetFileNameWithoutExtension(process);
        if (name == Path.GetFileNameWithoutExtension(program)) return (process, []);
        var dotnet = name == "dotnet" ? process : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return (dotnet, [program]);
    }
}
