using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>A graph's prediction: nothing but the functions, one after the other.</summary>
internal static class Forward
{
    /// <summary>The root's prediction.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The value of a data leaf, by its name.</param>
    public static Tensor<T> Predict<T>(Graph<T> graph, Func<string, Tensor<T>> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new Tensor<T>[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            if (vertex.Function is null)
            {
                values[vertex.Id] = vertex.Initial ?? input(vertex.Name);
                Assert.Equal(vertex.Shape, values[vertex.Id].Shape);
                continue;
            }
            values[vertex.Id] = new Tensor<T>(vertex.Shape);
            vertex.Function.Predict([.. graph.Inputs(vertex.Id).Select(e => values[e.From])], values[vertex.Id]);
        }
        return values[graph.RootId];
    }
}
