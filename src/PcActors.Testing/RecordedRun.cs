using System.Numerics;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Testing;

/// <summary>A run on actors and every message of it, in memory.</summary>
/// <param name="Header">What ran.</param>
/// <param name="Records">Its messages, in the order in which they were handled.</param>
public sealed record RecordedRun(TraceHeader Header, IReadOnlyList<TraceRecord> Records)
{
    /// <summary>Runs a network and records it.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="work">What it does.</param>
    /// <param name="trace">What is recorded, given where to; by default neither elements nor norms.</param>
    /// <param name="snapshot">What it goes on from; null for the network as it was built.</param>
    public static async Task<RecordedRun> OfAsync<T>(
        Graph<T> graph, NetworkOptions options, Func<INetwork<T>, Task> work,
        Func<TraceOptions, TraceOptions>? trace = null,
        NetworkSnapshot<T>? snapshot = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var file = new MemoryStream();
        var recorded = new TraceOptions { Output = file };
        var recording = new TraceRecording(trace?.Invoke(recorded) ?? recorded);
        await using (var network = await Network<T>.StartAsync(graph, options with { Recording = recording }, snapshot)
            .ConfigureAwait(false))
        {
            await work(network).ConfigureAwait(false);
        }
        return Read(new MemoryStream(file.ToArray()));
    }

    /// <summary>Reads a trace.</summary>
    /// <param name="path">A trace file.</param>
    /// <exception cref="TraceException">It is none, truncated, or edited.</exception>
    public static RecordedRun Read(string path) => Read(TraceReader.Open(path));

    private static RecordedRun Read(Stream stream) => Read(new TraceReader(stream, "the recorded run"));

    private static RecordedRun Read(TraceReader reader)
    {
        using (reader) return new RecordedRun(reader.Header, [.. reader.Records()]);
    }
}
