using BenchmarkDotNet.Attributes;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Benchmarks;

/// <summary>The training step of one network by BenchmarkDotNet: time and allocation of each kind by itself.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private Network<float> _network = null!;
    private Batch<float> _batch = null!;

    [Params("BP", "Z-IL 1", "Z-IL 2", "Z-IL pool")]
    public string Kind { get; set; } = "";

    [Params(1, Partition.Automatic)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var graph = StepNetworks.Graph(Blocks);
        _network = Kind switch
        {
            "BP" => StepNetworks.Reference(graph),
            "Z-IL 1" => StepNetworks.OnActors(graph, 1),
            "Z-IL 2" => StepNetworks.OnActors(graph, 2),
            _ => StepNetworks.OnActors(graph, 0),
        };
        _batch = StepNetworks.Fill(_network.NewBatch());
    }

    [Benchmark]
    public Task<StepResult> Step() => _network.StepAsync(_batch);

    [GlobalCleanup]
    public async Task CleanupAsync() => await _network.DisposeAsync();
}
