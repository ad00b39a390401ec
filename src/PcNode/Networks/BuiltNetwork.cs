using System.Numerics;
using PcActors.Files;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Onnx;
using PcActors.Tensors;
using PcNode.Output;

namespace PcNode.Networks;

/// <summary>What a network is for.</summary>
/// <param name="SampleShape">The shape of one sample.</param>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="IsRandom">Whether any other sample and target would do as well.</param>
internal sealed record DataForm(Shape SampleShape, int ClassCount, bool IsRandom = false);

/// <summary>A network that is ready to run.</summary>
/// <param name="Source">As its source has it.</param>
/// <param name="Graph">The graph as it runs, split into blocks or made finer, and replicated, before levelling.</param>
internal sealed record BuiltNetwork<T>(SourceNetwork<T> Source, Graph<T> Graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A network as its source has it, not split yet.</summary>
internal sealed class SourceNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ImportedModel<T>? _imported;

    /// <summary>A network without a model file.</summary>
    public SourceNetwork(Graph<T> graph) => Graph = graph;

    /// <summary>A network from a model file.</summary>
    public SourceNetwork(ImportedModel<T> imported) => (_imported, Graph) = (imported, imported.Graph);

    /// <summary>The graph.</summary>
    public Graph<T> Graph { get; }

    /// <summary>Whether a data leaf takes whole numbers: indices, conditions.</summary>
    public bool TakesIntegers(Vertex<T> leaf)
    {
        if (_imported is not null)
            return _imported.Model.Inputs.First(i => i.Name == leaf.Name).Type is not (OnnxElementType.Float
                or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16);
        return Graph.Consumers(Graph.Find(leaf.Name).Id)
            .All(e => !Graph.Vertices[e.To].Function!.IsDifferentiable(e.Slot));
    }

    /// <summary>How many whole numbers from 0 on every reader of a data leaf can take: 2 at most, and
    /// fewer where a Gather by it has fewer to choose from.</summary>
    public int IntegersTaken(Vertex<T> leaf)
    {
        var bound = 2;
        foreach (var edge in Graph.Consumers(Graph.Find(leaf.Name).Id))
        {
            if (Graph.Vertices[edge.To].Function is not { OperatorType: "Gather" } gather || edge.Slot != 1) continue;
            var table = Graph.InputShapes(edge.To)[0];
            var axis = (int)gather.Attributes.Integer("axis", 0);
            bound = Math.Min(bound, table[axis]);
        }
        return Math.Max(bound, 1);
    }

    /// <summary>Parameters in the order of <see cref="Graph"/>, however the graph was divided.</summary>
    public IReadOnlyList<NamedTensor<T>> InOrder(IReadOnlyList<NamedTensor<T>> parameters)
    {
        var byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        return [.. Graph.Parameters.Select(v => byName[v.Name])];
    }

    /// <summary>Writes a model file: the imported one with new values and everything else as
    /// it was, or the graph.</summary>
    /// <returns>Why it cannot be written; null when it is.</returns>
    public string? Export(IReadOnlyList<NamedTensor<T>> parameters, string path)
    {
        var values = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        try
        {
            TemporaryFiles.During([OutputFile.TemporaryOf(path), OutputFile.TemporaryOf($"{path}.data")], () =>
            {
                if (_imported is null) OnnxExport.Save(Graph, values, path);
                else OnnxExport.Save(_imported, values, path);
            });
            return null;
        }
        catch (Exception e) when (e is OnnxException or IOException)
        {
            return $"--export: {e.Message}";
        }
    }
}
