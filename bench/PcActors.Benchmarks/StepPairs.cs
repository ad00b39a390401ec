namespace PcActors.Benchmarks;

/// <summary>Mode <c>steps</c>: the training step of one network by the sequential reference, by
/// Z-IL on actors and by PyTorch, in turns.</summary>
internal static class StepPairs
{
    private const int DefaultRounds = 60;

    /// <summary>Arguments: rounds.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        args.End();
        var (whole, split) = (StepNetworks.Graph(blocks: 1), StepNetworks.Graph());
        var contestants = new List<IContestant>
        {
            Ours("BP, 1 thread, whole layers", StepNetworks.Reference(whole)),
            Ours("BP, 1 thread", StepNetworks.Reference(split)),
            Ours("Z-IL, 1 thread", StepNetworks.OnActors(split, 1)),
            Ours("Z-IL, 2 threads", StepNetworks.OnActors(split, 2)),
            Ours("Z-IL, all processors", StepNetworks.OnActors(split, 0)),
        };
        foreach (var threads in (int[])[1, 2])
        {
            if (await PyTorchContestant.StartAsync(threads) is { } peer) contestants.Add(peer);
        }
        var times = await Turns.TakeAsync(contestants, rounds, () =>
        {
            foreach (var ours in contestants.OfType<NetworkContestant>()) ours.ResetCounts();
        });
        await PrintAsync(contestants, times);
        foreach (var contestant in contestants) await contestant.DisposeAsync();
    }

    private static NetworkContestant Ours(string name, Runs.INetwork<float> network) =>
        new(name, network, StepNetworks.Fill);

    private static async Task PrintAsync(List<IContestant> contestants, double[][] times)
    {
        var medians = times.Select(Turns.Median).ToList();
        var reference = medians[1];
        var peers = medians.Where((_, i) => contestants[i] is PyTorchContestant).DefaultIfEmpty(double.NaN).ToList();
        Console.WriteLine(
            $"784-300-100-10, batch 64, float32; {Environment.ProcessorCount} cores; medians of {times[0].Length} "
            + "rounds taken in turns");
        Console.WriteLine(
            $"{"",-28} {"ms/step",8} {"to BP",7} {"to PyTorch 1",13} {"to its best",12} {"bytes/step",11} "
            + $"{"messages/step",14}");
        for (var i = 0; i < contestants.Count; i++)
        {
            var (bytes, messages) = contestants[i] is NetworkContestant ours
                ? ($"{ours.BytesPerStep:F0}", $"{await ours.MessagesPerStepAsync()}")
                : ("", "");
            Console.WriteLine(
                $"{contestants[i].Name,-28} {medians[i],8:F3} {medians[i] / reference,7:F2} "
                + $"{Figure.Of(medians[i] / peers[0], "F2"),13} {Figure.Of(medians[i] / peers.Min(), "F2"),12} "
                + $"{bytes,11} {messages,14}");
        }
    }
}
