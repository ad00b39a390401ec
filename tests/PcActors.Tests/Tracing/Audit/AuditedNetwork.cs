using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Audit.Recomputing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>A network that works, whose record is audited and recomputed afterwards.</summary>
internal static class AuditedNetwork
{
    /// <summary>Lets a network work, and requires that its record passes.</summary>
    public static async Task PassesAsync<T>(
        Graph<T> graph, NetworkOptions options, string what, Func<INetwork<T>, Task> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("run.trace");
        using (var file = File.Create(path))
        {
            var recording = new TraceRecording(new() { Output = file, Payloads = true });
            await using var network = await Network<T>.StartAsync(graph, options with { Recording = recording });
            await work(network);
        }
        using var reader = TraceReader.Open(path);
        var audit = TraceAudit.Run(reader.Header, reader.Records());
        Assert.True(audit.Checks.All(c => c.Violations == 0),
            $"{what}: {string.Join(Environment.NewLine, audit.Checks.SelectMany(c => c.First))}");
        // Some of the random graphs' functions are the tests' own, and in no catalogue.
        var again = Recomputation.Run(path,
            [.. reader.Header.Vertices.Where(v => v.Operator is null || OperatorCatalogue.Find(v.Operator) is not null)
                .Select(v => v.Id)]);
        Assert.True(again.Check.Violations == 0,
            $"{what}: {string.Join(Environment.NewLine, again.Check.First)}");
        Assert.True(again.Messages > 0);
    }

    /// <summary>Two training steps and a prediction.</summary>
    public static Task LearnsAndPassesAsync<T>(Graph<T> graph, NetworkOptions options, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        PassesAsync(graph, options, what, async network =>
        {
            for (var step = 0UL; step < 2; step++)
                await network.StepAsync(RandomBatch.Create(graph, options.Loss, options.MicroBatches, step));
            await network.PredictAsync(RandomBatch.Create(graph, options.Loss, options.MicroBatches, 9));
        });
}
