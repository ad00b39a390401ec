using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>A network of a model file, whose training step is timed: cross-entropy, plain gradient descent,
/// float32, batch 64 unless the file fixes it.</summary>
internal sealed class ExportedNetwork
{
    private const int BatchSize = 64;

    private static readonly Sgd Optimizer = new(0.0001);

    private readonly Graph<float> _graph;

    private ExportedNetwork(string name, Graph<float> graph) => (Name, _graph) = (name, graph);

    /// <summary>The file's name, without folder and extension.</summary>
    public string Name { get; }

    /// <summary>Vertices before levelling.</summary>
    public int Vertices => _graph.Vertices.Count;

    /// <summary>Numbers that learn.</summary>
    public long Parameters => _graph.Parameters.Where(v => v.Trainable && _graph.RequiresError(v.Id))
        .Sum(v => (long)v.Shape.Length);

    /// <summary>The shapes of its inputs, batch and all.</summary>
    public IReadOnlyList<Shape> Inputs => [.. _graph.DataLeaves.Select(v => v.Shape)];

    /// <summary>Floating-point operations of the products of a step, in both directions.</summary>
    public double Operations
    {
        get
        {
            var sum = 0.0;
            foreach (var vertex in _graph.Vertices.Where(v => v.Function is { IsProduct: true }))
            {
                var edges = _graph.Inputs(vertex.Id);
                Shape[] shapes = [.. edges.Select(e => _graph.Vertices[e.From].Shape)];
                sum += vertex.Function!.Cost(shapes, vertex.Shape);
                sum += edges.Where(_graph.CarriesError)
                    .Sum(e => vertex.Function.PullBackCost(e.Slot, shapes, vertex.Shape));
            }
            return sum;
        }
    }

    /// <summary>Reads a file.</summary>
    public static ExportedNetwork Load(string path)
    {
        var model = OnnxModel.Load(path);
        var isOpen = model.Inputs.Any(i => i.Dimensions is [{ Extent: null }, ..]);
        var imported = OnnxImport.ToGraph<float>(
            model, new OnnxImportOptions { BatchSize = isOpen ? BatchSize : null, Output = model.Outputs[0].Name });
        return new(Path.GetFileNameWithoutExtension(path), imported.Graph);
    }

    /// <summary>Backpropagation, sequentially.</summary>
    public NetworkContestant Reference() => Start("BP", new Reference());

    /// <summary>Z-IL on actors.</summary>
    public NetworkContestant OnActors(int threads) =>
        Start($"Z-IL, {threads} threads", new InProcess { Threads = threads });

    // In this process a network starts at once.
    private NetworkContestant Start(string name, NetworkPlace where)
    {
        var options = new NetworkOptions { Loss = Loss.CrossEntropy, Optimizer = Optimizer, Where = where };
        return new(name, Network<float>.StartAsync(_graph, options).GetAwaiter().GetResult(), Fill);
    }

    private static Batch<float> Fill(Batch<float> batch)
    {
        var random = new SeededRandom(1);
        foreach (var input in batch.Inputs)
        {
            foreach (ref var x in input.Writable) x = (float)random.NextDouble();
        }
        var classes = batch.Target.Length / batch.Size;
        for (var sample = 0; sample < batch.Size; sample++)
            batch.Target.Writable[(sample * classes) + (sample % classes)] = 1;
        return batch;
    }
}
