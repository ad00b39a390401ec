namespace PcActors.Benchmarks;

/// <summary>Mode <c>scaling</c>: a Z-IL step on a graph of scalars, on one twice as large, and on a small one whose
/// vertices stay in a processor's own cache, in turns. Cost is linear in the graph: the ratio should be about
/// 2.</summary>
internal static class Scaling
{
    private const int InCache = 500;
    private const int Small = 10_000;
    private const int DefaultRounds = 15;

    /// <summary>Arguments: rounds.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        args.End();
        Console.WriteLine($"{"graph",-10} {"vertices",9} {"messages",9} {"ms/step",9} {"us/message",11} {"ratio",6}");
        await CompareAsync("chain", ScalarNetworks.Chain, rounds);
        await CompareAsync("lattice", ScalarNetworks.Lattice, rounds);
    }

    private static async Task CompareAsync(string name, Func<int, Graphs.Graph<float>> build, int rounds)
    {
        var graphs = new[] { build(InCache), build(Small), build(2 * Small) };
        var contestants = graphs.Select(g => new NetworkContestant(name, ScalarNetworks.Start(g), ScalarNetworks.Fill))
            .ToArray();
        var medians = (await Turns.TakeAsync(contestants, rounds)).Select(Turns.Median).ToArray();
        for (var i = 0; i < contestants.Length; i++)
        {
            var messages = await contestants[i].MessagesPerStepAsync();
            Console.WriteLine(
                $"{name,-10} {graphs[i].Vertices.Count,9} {messages,9} {medians[i],9:F2} "
                + $"{medians[i] * 1e3 / messages,11:F3} {(i < 2 ? "" : $"{medians[i] / medians[1]:F2}"),6}");
            await contestants[i].DisposeAsync();
        }
    }
}
