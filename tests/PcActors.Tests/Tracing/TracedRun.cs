using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>A few training steps, traced or not.</summary>
/// <param name="Sha256">The parameters' hash afterwards.</param>
/// <param name="Counts">Messages that the vertices say they have sent.</param>
internal sealed record TracedRun(string Sha256, MessageCounts Counts)
{
    /// <summary>The trace; empty when nothing was traced.</summary>
    public byte[] Trace { get; init; } = [];

    /// <summary>What the recorder said it wrote.</summary>
    public TraceTotals Totals { get; init; }

    /// <summary>Why the trace was abandoned.</summary>
    public Exception? Failure { get; init; }

    /// <summary>The records, in the order of the file: that in which each mailbox handed its messages out.</summary>
    public (TraceHeader Header, IReadOnlyList<TraceRecord> Records) Read()
    {
        using var reader = new TraceReader(new MemoryStream(Trace), "memory");
        return (reader.Header, [.. reader.Records()]);
    }

    public static async Task<TracedRun> Plain<T>(Graph<T> graph, NetworkOptions options, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        await using var network = await Network<T>.StartAsync(graph, options);
        return await Train(network, graph, options, steps);
    }

    public static async Task<TracedRun> Traced<T>(Graph<T> graph, NetworkOptions options, int steps,
        TraceOptions? trace = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        trace ??= new TraceOptions { Output = new MemoryStream() };
        var recording = new TraceRecording(trace);
        TracedRun run;
        await using (var network = await Network<T>.StartAsync(graph, options with { Recording = recording }))
            run = await Train(network, graph, options, steps);
        return run with
        {
            Trace = trace.Output is MemoryStream memory ? memory.ToArray() : [],
            Totals = recording.Totals,
            Failure = recording.Failure,
        };
    }

    private static async Task<TracedRun> Train<T>(INetwork<T> network, Graph<T> graph, NetworkOptions options,
        int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var results = new List<Task<StepResult>>();
        for (var step = 0; step < steps; step++)
            results.Add(network.StepAsync(RandomBatch.Create(graph, options.Loss, options.MicroBatches, (ulong)step)));
        await Task.WhenAll(results);
        return new TracedRun(Parameters.Sha256(await network.ParametersAsync()), await network.CountMessagesAsync());
    }
}
