using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Documentation;

/// <summary>The trace document's program: the lines between the two marks are there word for word.</summary>
internal static class TraceProgram
{
    public static async Task RunAsync(Graph<float> graph, Batch<float> batch, string path)
    {
        // From here
        var recording = new TraceRecording(new TraceOptions { Output = TraceFile.Create(path) });
        var network = await Network<float>.StartAsync(graph, new NetworkOptions { Recording = recording });
        await using (network) await network.StepAsync(batch);

        using var reader = TraceReader.Open(path);
        foreach (var record in reader.Records())
            Console.WriteLine($"{record.From} -> {record.To}: {record.Kind} {record.Shape}");
        // To here
        Assert.Equal(recording.Totals, reader.Totals);
        Assert.True(reader.IsAtEnd);
    }
}
