namespace PcActors.Benchmarks;

/// <summary>Mode <c>convolution</c>: the passes of convolutions by this library and by PyTorch, one
/// thread each, in turns.</summary>
/// <remarks>The ratio is the median of the rounds' ratios; the best one that of the fastest rounds.</remarks>
internal static class ConvolutionPairs
{
    private const int DefaultRounds = 15;
    private const int Name = 38;

    /// <summary>Arguments: rounds, and a text that the name of a convolution or pass must contain.</summary>
    public static async Task RunAsync(ModeArguments args)
    {
        var rounds = args.Rounds(DefaultRounds);
        var passes = args.Those(
            "SHAPE",
            [.. ConvolutionCase.All.SelectMany(one => Enum.GetValues<ConvolutionPass>().Select(pass => (one, pass)))],
            one => $"{one.one} {one.pass}");
        args.End();
        var peer = await PyTorchPeer.StartAsync("conv_passes.py",
            ConvolutionCase.All[^1].Question(ConvolutionPass.Forward, 1));
        Console.WriteLine(
            $"{"convolution",-Name} {"pass",-8} {"ms",9} {"GFLOP/s",8} {"PyTorch",9} {"ratio",6} {"best",6}");
        foreach (var (convolution, pass) in passes) await CompareAsync(convolution, pass, peer, rounds);
        if (peer is not null) await peer.DisposeAsync();
    }

    private static async Task CompareAsync(ConvolutionCase convolution, ConvolutionPass pass, PyTorchPeer? peer,
        int rounds)
    {
        var contestants = new List<IContestant> { new ConvolutionContestant(convolution.Own(pass)) };
        if (peer is not null) contestants.Add(new PyTorchConvolution(peer, convolution, pass));
        var times = await Turns.TakeAsync(contestants, rounds);
        var own = Turns.Median(times[0]);
        var (theirs, ratio, best) = peer is null
            ? (double.NaN, double.NaN, double.NaN)
            : (Turns.Median(times[1]), Turns.Median(times[0].Zip(times[1], (ours, other) => ours / other)),
                times[0].Min() / times[1].Min());
        Console.WriteLine(
            $"{convolution,-Name} {pass,-8} {own,9:F3} {convolution.Operations / own * 1e-6,8:F1} "
            + $"{Figure.Of(theirs, "F3"),9} {Figure.Of(ratio, "F2"),6} {Figure.Of(best, "F2"),6}");
    }
}
