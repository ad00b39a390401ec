using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Models;

/// <summary>A graph with its parameters moved.</summary>
internal static class Moved
{
    /// <summary>The graph with each trainable parameter moved by a distance along its direction.</summary>
    public static Graph<double> By(Graph<double> graph, IReadOnlyDictionary<string, Tensor<double>> directions,
        double distance)
    {
        var builder = new GraphBuilder<double>();
        var nodes = new Node<double>[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            nodes[vertex.Id] = vertex.Kind switch
            {
                VertexKind.Data => builder.Data(vertex.Name, vertex.Shape),
                VertexKind.Parameter => builder.Parameter(vertex.Name, Value(vertex), vertex.Trainable),
                _ => builder.Apply(
                    vertex.Function!, [.. graph.Inputs(vertex.Id).Select(e => nodes[e.From])], vertex.Name),
            };
        }
        return builder.Build(nodes[graph.RootId]);

        Tensor<double> Value(Vertex<double> vertex)
        {
            var value = vertex.Initial!.Clone();
            if (!directions.TryGetValue(vertex.Name, out var direction)) return value;
            for (var i = 0; i < value.Length; i++) value.Writable[i] += distance * direction.Span[i];
            return value;
        }
    }
}
