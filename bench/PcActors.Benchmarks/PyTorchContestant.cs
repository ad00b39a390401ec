using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PcActors.Benchmarks;

/// <summary>PyTorch's training step of the same network, in a child process that answers requests: bench/peers/mlp_step.py.</summary>
internal sealed class PyTorchContestant : IContestant
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;
    private readonly int _threads;

    private PyTorchContestant(Process process, int threads) => (_process, _threads) = (process, threads);

    public string Name => $"PyTorch, {_threads} thread{(_threads == 1 ? "" : "s")}";

    /// <summary>A process that has answered once; null, and a line that says why, where there is no Python with PyTorch.</summary>
    public static async Task<PyTorchContestant?> StartAsync(int threads)
    {
        if (FindScript() is not { } script || !File.Exists(Python))
        {
            Console.WriteLine($"without PyTorch: there is no {Python}, or no bench/peers/mlp_step.py above the working directory");
            return null;
        }
        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add("--serve");
        var peer = new PyTorchContestant(Process.Start(start)!, threads);
        try
        {
            await peer.RunAsync(1);
            peer._process.ErrorDataReceived += (_, _) => { };
            peer._process.BeginErrorReadLine();
            return peer;
        }
        catch (IOException)
        {
            var error = (await peer._process.StandardError.ReadToEndAsync()).TrimEnd();
            Console.WriteLine($"without PyTorch: {error.Split('\n')[^1]}");
            await peer.DisposeAsync();
            return null;
        }
    }

    public async Task<double> RunAsync(int steps)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{_threads} {steps}"));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new IOException("the peer has ended");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.GetProperty("millisecondsPerStep").GetDouble();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string? FindScript()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "bench", "peers", "mlp_step.py");
            if (File.Exists(script)) return script;
        }
        return null;
    }
}
