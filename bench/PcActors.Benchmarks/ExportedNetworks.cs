using System.Diagnostics;
using System.Globalization;
using PcActors.Tensors.Kernels;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>networks</c>: a training step of networks from model files, by backpropagation, by Z-IL on one and
/// two threads and, of those that <c>bench/peers/exported_networks.py</c> knows in the same sizes, by PyTorch on one
/// and two, in turns.</summary>
internal static class ExportedNetworks
{
    private const string Script = "exported_networks.py";
    private const string Peak = "--peak";
    private const int DefaultRounds = 25;
    private const double TurnMilliseconds = 200;
    private const int FewRounds = 5;
    private const int StepsToPeak = 4;
    private const double LongMilliseconds = 200;

    /// <summary>Arguments: a folder with model files (by default the script exports its own into a temporary one),
    /// rounds, and a folder that receives the results as networks.md and networks.jsonl.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        if (args.Skip(Peak))
        {
            var file = args.ModelFile();
            args.End();
            await PeakAsync(file);
            return;
        }
        var files = args.ModelFiles();
        var rounds = args.Rounds(DefaultRounds);
        var output = args.Output();
        args.End();
        if (output is not null) NetworkResults.Prepare(output);
        var results = new NetworkResults(output, Console.Out, Console.Error);
        if (files is not null)
        {
            await TakeAsync(results, files, rounds);
            return;
        }
        var temporary = Directory.CreateTempSubdirectory("networks");
        try
        {
            await TakeAsync(results, await ExportAsync(temporary.FullName), rounds);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> ExportAsync(string folder) =>
        await PyTorchPeer.RunAsync(Script, "--export", folder) is not null
            ? new ModeArguments("networks", [folder]).ModelFiles()!
            : throw new ModeException($"networks: {Script} has exported none; a FOLDER with model files would do");

    private static Task TakeAsync(NetworkResults results, IReadOnlyList<string> files, int rounds)
    {
        var rate = OperationsPerMillisecond();
        return results.TakeAsync(files, file => MeasureAsync(file, rounds, rate));
    }

    private static async Task<NetworkTimes> MeasureAsync(string path, int rounds, double rate)
    {
        var network = ExportedNetwork.Load(path);
        var contestants = new List<IContestant>();
        try
        {
            contestants.Add(network.Reference());
            contestants.Add(network.OnActors(1));
            contestants.Add(network.OnActors(2));
            var peaks = (Ours: await OwnPeakAsync(path), Theirs: await IsAtThePeerAsync(network)
                ? await PyTorchPeer.RunAsync(Script, Peak, network.Name)
                : null);
            var peers = new List<IContestant?>();
            foreach (var threads in peaks.Theirs is null ? (int[])[] : [1, 2])
            {
                peers.Add(await PyTorchContestant.StartAsync(threads, Script, network.Name));
                if (peers[^1] is { } peer) contestants.Add(peer);
            }
            var isLong = await contestants[0].RunAsync(1) > LongMilliseconds;
            var times = await Turns.TakeAsync(
                contestants, isLong ? Math.Min(rounds, FewRounds) : rounds, milliseconds: TurnMilliseconds);
            double? OfPeer(int place) => peers.ElementAtOrDefault(place) is { } peer
                ? Turns.Median(times[contestants.IndexOf(peer)])
                : null;
            return new(
                network.Name, network.Vertices, Turns.Median(times[0]), Turns.Median(times[1]), Turns.Median(times[2]),
                OfPeer(0), OfPeer(1), network.Operations / rate / 2, peaks.Ours,
                long.TryParse(peaks.Theirs, CultureInfo.InvariantCulture, out var megabytes) ? megabytes : null);
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }

    /// <summary>Whether the peer has the network, and not another one of its name; a line says why not.</summary>
    private static async Task<bool> IsAtThePeerAsync(ExportedNetwork network)
    {
        if (await PyTorchPeer.RunAsync(Script, "--sizes", network.Name) is not { } sizes) return false;
        if (PeerNetwork.Parse(sizes).Difference(network.Parameters, network.Inputs) is not { } difference) return true;
        Console.WriteLine($"{network.Name} without PyTorch: {difference}");
        return false;
    }

    /// <summary>What a core does in large products: the floor is that of two.</summary>
    private static double OperationsPerMillisecond()
    {
        const int Extent = 768;
        var (a, b, c) = (new float[Extent * Extent], new float[Extent * Extent], new float[Extent * Extent]);
        a.AsSpan().Fill(1);
        b.AsSpan().Fill(1);
        var best = double.PositiveInfinity;
        for (var round = 0; round < 60; round++)
        {
            var start = Stopwatch.GetTimestamp();
            MatrixProduct.Multiply<float>(Extent, Extent, Extent, a, Extent, 1, b, Extent, 1, c, Extent);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return 2.0 * Extent * Extent * Extent / best;
    }

    /// <summary>In a process of its own, some steps of Z-IL on two threads, and the most memory that it had.</summary>
    private static async Task PeakAsync(string path)
    {
        try
        {
            await using var network = ExportedNetwork.Load(path).OnActors(2);
            await network.RunAsync(StepsToPeak);
        }
        catch (Exception e) when (ModeTable.IsForeseen(e))
        {
            throw new ModeException(NetworkResults.LineOf(path, e));
        }
        Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64 >> 20);
    }

    private static async Task<long> OwnPeakAsync(string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ExportedNetworks).Assembly.Location);
        foreach (var argument in (string[])["networks", Peak, path]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? long.Parse(answer.Trim(), CultureInfo.InvariantCulture)
            : throw new IOException(
                $"the process that finds its peak memory has ended with code {process.ExitCode}: {await error}");
    }
}
