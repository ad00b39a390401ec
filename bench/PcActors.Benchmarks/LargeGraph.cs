using System.Diagnostics;

namespace PcActors.Benchmarks;

/// <summary>Mode <c>large-graph</c>: builds a graph of 100,000 scalar vertices, trains it for
/// some steps and reports time and the process's peak memory. It measures its own process, so nothing
/// else may run in it.</summary>
internal static class LargeGraph
{
    private const int Vertices = 100_000;
    private const int DefaultSteps = 5;
    private const int MostSteps = 1_000_000;

    /// <summary>Arguments: steps, then <c>chain</c> or <c>lattice</c>.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var steps = args.Number("STEPS", DefaultSteps, MostSteps);
        var isChain = args.Word("GRAPH", "chain", "lattice") == "chain";
        args.End();
        var watch = Stopwatch.StartNew();
        var graph = isChain ? ScalarNetworks.Chain(Vertices) : ScalarNetworks.Lattice(Vertices);
        Console.WriteLine(
            $"graph       {graph.Vertices.Count} vertices, {graph.Edges.Count} edges, depth {graph.Depth}, built in "
            + $"{watch.Elapsed.TotalSeconds:F2} s");
        var network = ScalarNetworks.Start(graph);
        Console.WriteLine($"it runs as  {network.RunGraph.Vertices.Count} actors");
        var batch = ScalarNetworks.Fill(network.NewBatch());
        for (var step = 1; step <= steps; step++)
        {
            watch.Restart();
            var result = await network.StepAsync(batch);
            Console.WriteLine(
                $"step {step,-6} loss {result.Loss:G6}, {watch.Elapsed.TotalSeconds:F3} "
                + $"s{(step == 1 ? ", spawning included" : "")}");
        }
        var messages = await network.CountMessagesAsync();
        var live = GC.GetTotalMemory(forceFullCollection: true);
        await network.DisposeAsync();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"messages    {messages.Total} ({messages.Values} values, {messages.Errors} errors)");
        Console.WriteLine($"live heap   {live / 1e6:F0} MB");
        Console.WriteLine($"peak memory {process.PeakWorkingSet64 / 1e6:F0} MB");
    }
}
