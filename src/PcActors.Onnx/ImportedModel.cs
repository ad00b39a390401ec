using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Onnx;

/// <summary>A model file as a graph that can be trained.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ImportedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ImportedModel(OnnxModel model, Graph<T> graph)
    {
        (Model, Graph) = (model, graph);
        Inputs = graph.DataLeaves.ToDictionary(v => v.Name, StringComparer.Ordinal);
        Parameters = graph.Parameters.Where(v => v.Trainable).ToDictionary(v => v.Name, StringComparer.Ordinal);
    }

    /// <summary>The file that it came from.</summary>
    public OnnxModel Model { get; }

    /// <summary>The graph, not levelled yet. A vertex is named after the ONNX value that it holds.</summary>
    public Graph<T> Graph { get; }

    /// <summary>The data leaves, by the names of the model's inputs. Inputs that do not lead to the root have none.</summary>
    public IReadOnlyDictionary<string, Vertex<T>> Inputs { get; }

    /// <summary>The parameters that learn, by the names of the model's initializers.</summary>
    public IReadOnlyDictionary<string, Vertex<T>> Parameters { get; }
}
