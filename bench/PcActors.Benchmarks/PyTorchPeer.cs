using System.Diagnostics;
using System.Text.Json;

namespace PcActors.Benchmarks;

/// <summary>A script of bench/peers in a child process that answers a line with the milliseconds a step took.</summary>
internal sealed class PyTorchPeer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly string _name;
    private readonly Process _process;
    private string? _error;

    private PyTorchPeer(string name, Process process) => (_name, _process) = (name, process);

    /// <summary>A process that has answered once; null, and a line that says why, where there is no
    /// Python with PyTorch.</summary>
    /// <param name="name">The script's file name.</param>
    /// <param name="question">What it is asked first.</param>
    public static async Task<PyTorchPeer?> StartAsync(string name, string question)
    {
        if (FindScript(name) is not { } script || !File.Exists(Python))
        {
            Console.WriteLine(Missing(name));
            return null;
        }
        var start = new ProcessStartInfo(Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add("--serve");
        var peer = new PyTorchPeer(name, Process.Start(start)!);
        try
        {
            await peer.MillisecondsAsync(question);
            peer._process.ErrorDataReceived += (_, line) => peer._error = line.Data ?? peer._error;
            peer._process.BeginErrorReadLine();
            return peer;
        }
        catch (IOException)
        {
            Console.WriteLine(Without(name, await peer._process.StandardError.ReadToEndAsync()));
            await peer.DisposeAsync();
            return null;
        }
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it printed; null, and a line that says why, where it cannot be run or fails.</returns>
    public static async Task<string?> RunAsync(string name, params string[] arguments)
    {
        if (FindScript(name) is not { } script || !File.Exists(Python))
        {
            Console.WriteLine(Missing(name));
            return null;
        }
        var start = new ProcessStartInfo(Python, [script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return output.Trim();
        Console.WriteLine(Without(name, await error));
        return null;
    }

    /// <summary>Asks for a time.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public async Task<double> MillisecondsAsync(string question)
    {
        var line = await AnswerAsync(question);
        if (line is null)
        {
            // What it said last is read by then, too.
            await _process.WaitForExitAsync();
            throw new IOException(Ended(_name, _error ?? ""));
        }
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.GetProperty("millisecondsPerStep").GetDouble();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, and a question to it is left.
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string?> AnswerAsync(string question)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(question);
            await _process.StandardInput.FlushAsync();
            return await _process.StandardOutput.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Without(string name, string error) => $"without PyTorch: {Ended(name, error)}";

    // The last line that it wrote says why.
    private static string Ended(string name, string error) => error.TrimEnd().Split('\n')[^1] is { Length: > 0 } why
        ? $"{name} has ended: {why}"
        : $"{name} has ended";

    private static string Missing(string name) =>
        $"without PyTorch: there is no {Python}, or no bench/peers/{name} above the working directory";

    private static string? FindScript(string name)
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "bench", "peers", name);
            if (File.Exists(script)) return script;
        }
        return null;
    }
}
