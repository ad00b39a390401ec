using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PcNode.Tests.Cluster;

/// <summary>pcnode as processes of its own.</summary>
internal sealed class Processes : IDisposable
{
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _output = new();

    private Processes(Process process) => Process = process;

    public Process Process { get; }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (_error) return _error.ToString();
        }
    }

    /// <summary>The last line of output.</summary>
    public JsonElement Last =>
        JsonDocument.Parse(
            Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]).RootElement;

    public static Processes Start(params string[] args) => Start([], args);

    /// <summary>Starts a process.</summary>
    /// <param name="before">A program that runs it, with arguments; it must become it.</param>
    /// <param name="args">Arguments of pcnode.</param>
    /// <param name="environment">Variables.</param>
    public static Processes Start(string[] before, string[] args, params (string Name, string Value)[] environment)
    {
        var name = Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        // A shell's background jobs ignore interrupts, and so would what they start: here they count.
        string[] signals = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];
        string[] command = [.. signals, .. before, name, typeof(Cli).Assembly.Location, .. args];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        foreach (var arg in command[1..]) start.ArgumentList.Add(arg);
        // Short runs do not repay the profiling of their code, nor pages that are mapped twice.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var run = new Processes(new Process { StartInfo = start });
        run.Process.OutputDataReceived += (_, line) => Append(run._output, line.Data);
        run.Process.ErrorDataReceived += (_, line) => Append(run._error, line.Data);
        run.Process.Start();
        run.Process.BeginOutputReadLine();
        run.Process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Waits until standard error has a text.</summary>
    public async Task SaysAsync(string text)
    {
        for (var i = 0; !Error.Contains(text, StringComparison.Ordinal); i++)
        {
            Assert.False(Process.HasExited || i > 6_000, $"'{text}' is not in: {Error}");
            await Task.Delay(50);
        }
    }

    /// <summary>The hash of the weights.</summary>
    public string HashOf() => Last.GetProperty("weightsSha256").GetString()!;

    /// <summary>Waits until standard output has had a text so many times, or the process has ended.</summary>
    public async Task WritesAsync(string text, int times)
    {
        for (var i = 0; Output.Split(text).Length <= times && !Process.HasExited; i++)
        {
            Assert.True(i < 15_000, $"'{text}' is not in: {Output} {Error}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> EndAsync()
    {
        // A run that has lost worker after worker takes minutes on a busy machine. What hangs takes for ever.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(12));
        await Process.WaitForExitAsync(patience.Token);
        return Process.ExitCode;
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The process's children.</summary>
    public int[] Children() => [.. Directory.GetDirectories("/proc").Select(d => Path.GetFileName(d))
        .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name, CultureInfo.InvariantCulture))
        .Where(id => ParentOf(id) == Process.Id)];

    /// <summary>Waits until none of the processes is there.</summary>
    public static async Task AreGoneAsync(int[] processes)
    {
        for (var i = 0; processes.Any(id => ParentOf(id) is not null); i++)
        {
            Assert.True(i < 1_200, "a worker outlives its run");
            await Task.Delay(50);
        }
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text) text.AppendLine(line);
    }

    /// <summary>Null when there is no such process, or only what is left of it until its parent takes note.</summary>
    private static int? ParentOf(int process)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{process}/status");
            if (status.Any(l => l.StartsWith("State:\tZ", StringComparison.Ordinal))) return null;
            return int.Parse(status.First(l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..],
                CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }
}
