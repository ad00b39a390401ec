using BenchmarkDotNet.Running;
using PcActors.Benchmarks;

// The quick modes, by name; options without one are BenchmarkDotNet's.
if (args is [] or [['-', ..], ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(StepPairs).Assembly).Run(args);
    return ModeTable.Done;
}
var modes = new ModeTable(
    new Dictionary<string, Func<ModeArguments, Task>>
    {
        ["products"] = AtOnce(ProductPairs.Run),
        ["convolution"] = ConvolutionPairs.RunAsync,
        ["steps"] = StepPairs.RunAsync,
        ["networks"] = ExportedNetworks.RunAsync,
        ["inference"] = InferencePairs.RunAsync,
        ["scaling"] = Scaling.RunAsync,
        ["granularity"] = GranularitySteps.RunAsync,
        ["audit"] = AtOnce(TraceAuditScale.Run),
        ["tracing"] = TracingPairs.RunAsync,
        ["large-graph"] = LargeGraph.RunAsync,
        ["crossing"] = LinkCrossing.RunAsync,
    },
    Console.Error);
return await modes.RunAsync(args[0], args[1..]);

static Func<ModeArguments, Task> AtOnce(Action<ModeArguments> run) => arguments =>
{
    run(arguments);
    return Task.CompletedTask;
};
