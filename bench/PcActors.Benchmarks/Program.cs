using BenchmarkDotNet.Running;
using PcActors.Benchmarks;

// The quick modes, by name; anything else is BenchmarkDotNet's.
var modes = new Dictionary<string, Action<string[]>>
{
    ["products"] = ProductPairs.Run,
    ["convolution"] = args => ConvolutionPairs.RunAsync(args).GetAwaiter().GetResult(),
    ["steps"] = args => StepPairs.RunAsync(args).GetAwaiter().GetResult(),
    ["networks"] = args => ExportedNetworks.RunAsync(args).GetAwaiter().GetResult(),
    ["inference"] = args => InferencePairs.RunAsync(args).GetAwaiter().GetResult(),
    ["scaling"] = args => Scaling.RunAsync(args).GetAwaiter().GetResult(),
    ["granularity"] = args => GranularitySteps.RunAsync(args).GetAwaiter().GetResult(),
    ["audit"] = TraceAuditScale.Run,
    ["tracing"] = args => TracingPairs.RunAsync(args).GetAwaiter().GetResult(),
    ["large-graph"] = args => LargeGraph.RunAsync(args).GetAwaiter().GetResult(),
    ["crossing"] = args => LinkCrossing.RunAsync(args).GetAwaiter().GetResult(),
};
if (args.Length > 0 && modes.TryGetValue(args[0], out var mode)) mode(args[1..]);
else BenchmarkSwitcher.FromAssembly(typeof(StepPairs).Assembly).Run(args);
