using BenchmarkDotNet.Running;
using PcActors.Benchmarks;

// The quick modes, by name; anything else is BenchmarkDotNet's.
var modes = new Dictionary<string, Action<string[]>>
{
    ["products"] = ProductPairs.Run,
};
if (args.Length > 0 && modes.TryGetValue(args[0], out var mode)) mode(args[1..]);
else BenchmarkSwitcher.FromAssembly(typeof(ProductPairs).Assembly).Run(args);
