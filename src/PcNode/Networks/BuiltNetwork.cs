using System.Numerics;
using PcActors.Data;
using PcActors.Files;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Onnx;
using PcActors.Onnx.Learning;
using PcActors.Onnx.Rewriting;
using PcActors.Tensors;
using PcActors.Weights;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Networks;

/// <summary>What a network is for.</summary>
/// <param name="SampleShape">The shape of one sample.</param>
/// <param name="ClassCount">Number of classes, or of numbers to predict; 0 where there is nothing to
/// predict.</param>
/// <param name="IsRandom">Whether any other sample and target would do as well.</param>
internal sealed record DataForm(Shape SampleShape, int ClassCount, bool IsRandom = false)
{
    /// <summary>Whether classes are predicted.</summary>
    public bool HasClasses { get; init; } = true;

    /// <summary>What a data set is.</summary>
    public static DataForm Of<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(data.SampleShape, data.OutputCount) { HasClasses = data.ClassCount > 0 };
}

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

    /// <summary>Of a model file, everything that might learn; empty for other networks.</summary>
    public IReadOnlyList<OnnxParameter> Candidates => _imported?.Candidates ?? [];

    /// <summary>Of a model file, what was done to it that a reader may not expect; empty for others.</summary>
    private IReadOnlyList<string> Notices => [.. ReadingNotices, .. RewritingNotice.Of(Rewritten ?? [])];

    /// <summary>The same without what was put together.</summary>
    public IReadOnlyList<string> ReadingNotices => _imported?.Notices ?? [];

    /// <summary>Of a model file, the vertices that stand for several of its nodes; null for other networks.</summary>
    public IReadOnlyList<RewrittenVertex>? Rewritten => _imported?.Rewritten;

    /// <summary>Says what was done to a model file when it was read; nothing of other networks.</summary>
    public void TellReading(Terminal terminal)
    {
        foreach (var notice in Notices) terminal.Say(notice);
    }

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

    /// <summary>Refuses a network that no model file could hold.</summary>
    /// <exception cref="UsageException">It is one.</exception>
    public void RequireExportable(string path)
    {
        try
        {
            if (_imported is null && ValueTypes.IsModelFile(path)) OnnxExport.Require(Graph, path);
        }
        catch (OnnxException e)
        {
            throw new UsageException($"{ModelExport.Option}: {e.Message}");
        }
    }

    /// <summary>Writes a model file, the imported one with new values and everything else as it was, or the graph; or
    /// a file of weights, as the extension says.</summary>
    /// <returns>Why it cannot be written; null when it is.</returns>
    public string? Export(IReadOnlyList<NamedTensor<T>> parameters, string path, ExportNotes notes)
    {
        var options = new OnnxExportOptions
        {
            Metadata = notes.Metadata,
            Inputs = notes.Standardization is { } done
                ? (notes.Inputs ?? []).ToDictionary(name => name, _ => done)
                : new Dictionary<string, Standardization>(),
            Output = notes.PredictsFeatures ? notes.Standardization : null,
        };
        var values = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        try
        {
            TemporaryFiles.During([OutputFile.TemporaryOf(path), OutputFile.TemporaryOf($"{path}.data")], () =>
            {
                if (WeightFile.IsNamedBy(path))
                    WeightFile.Save(path, parameters, notes.Standardization, notes.Metadata);
                else if (_imported is null) OnnxExport.Save(Graph, values, path, options);
                else OnnxExport.Save(_imported, values, path, options);
            });
            return null;
        }
        catch (Exception e) when (e is OnnxException or DataException or IOException)
        {
            return $"{ModelExport.Option}: {e.Message}";
        }
    }
}
