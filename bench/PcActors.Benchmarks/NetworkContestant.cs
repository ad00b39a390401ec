using System.Diagnostics;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Benchmarks;

/// <summary>Takes part in rounds that several take in turns.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>What the table calls it.</summary>
    string Name { get; }

    /// <summary>The mean time of some steps in a row, in milliseconds.</summary>
    Task<double> RunAsync(int steps);
}

/// <summary>A network of ours under the clock.</summary>
internal sealed class NetworkContestant(string name, INetwork<float> network, Func<Batch<float>, Batch<float>> fill)
    : IContestant
{
    private readonly Batch<float> _batch = fill(network.NewBatch());
    private long _bytes;
    private long _steps;

    public string Name => name;

    /// <summary>Bytes that the process allocated on the heap a step, in all rounds since
    /// <see cref="ResetCounts"/>.</summary>
    public double BytesPerStep => (double)_bytes / _steps;

    public async Task<double> RunAsync(int steps)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        // As the training loop does it: one step is queued while the network is at the one before.
        var earlier = network.StepAsync(_batch);
        for (var step = 1; step < steps; step++)
        {
            var next = network.StepAsync(_batch);
            await earlier;
            earlier = next;
        }
        await earlier;
        var elapsed = Stopwatch.GetElapsedTime(start);
        _bytes += GC.GetTotalAllocatedBytes(precise: true) - bytes;
        _steps += steps;
        return elapsed.TotalMilliseconds / steps;
    }

    public void ResetCounts() => _bytes = _steps = 0;

    /// <summary>Messages between vertices in one step.</summary>
    public async Task<long> MessagesPerStepAsync()
    {
        var before = await network.CountMessagesAsync();
        await network.StepAsync(_batch);
        return (await network.CountMessagesAsync()).Total - before.Total;
    }

    public ValueTask DisposeAsync() => network.DisposeAsync();
}
