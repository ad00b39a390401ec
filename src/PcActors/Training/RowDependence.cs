using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Finds out whether a graph's prediction for a sample depends on the samples beside it, by
/// two forward passes.</summary>
internal static class RowDependence
{
    /// <summary>The vertex by which it does; null when it does not.</summary>
    /// <param name="graph">A graph with one data leaf; its parameters have their initial values.</param>
    /// <param name="one">A micro-batch.</param>
    /// <param name="other">Another one, with the same first rows.</param>
    /// <param name="rows">How many they are.</param>
    public static string? Find<T>(Graph<T> graph, Tensor<T> one, Tensor<T> other, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (left, right) = (Forward(graph, one), Forward(graph, other));
        // Where the outermost axis is not the batch's, rows may differ that are no samples: the root decides.
        return Differ(graph.RootId) ? graph.Vertices.First(v => Differ(v.Id)).Name : null;

        bool Differ(int id) => left[id].Shape is { Rank: > 0 } shape && shape[0] == one.Shape[0]
            && !left[id].Rows(0, rows).Span.SequenceEqual(right[id].Rows(0, rows).Span);
    }

    private static Tensor<T>[] Forward<T>(Graph<T> graph, Tensor<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new Tensor<T>[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices)
        {
            values[vertex.Id] = vertex.Kind == VertexKind.Data ? input : vertex.Initial!;
            if (vertex.Kind != VertexKind.Function) continue;
            var evaluation = new Evaluation<T>(VertexDescription<T>.Of(graph, vertex.Id), factors: false);
            foreach (var (slot, edge) in graph.Inputs(vertex.Id).Index()) evaluation.Inputs[slot] = values[edge.From];
            evaluation.Draw(0, new StepId(1, 0, 1), 0);
            values[vertex.Id] = evaluation.Predict();
        }
        return values;
    }
}
