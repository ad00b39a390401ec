using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Finds out whether a graph's prediction for a sample depends on the samples
/// beside it: predicts twice, side by side, and keeps of both no more than what is still to be read.</summary>
internal static class RowDependence
{
    /// <summary>The vertex by which it does; null when it does not.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="leaves">By id of the data leaf: a micro-batch, and another one with the same first rows. Leaves
    /// that are not among them are at 0.</param>
    /// <param name="size">Rows of a micro-batch.</param>
    /// <param name="rows">How many are the same.</param>
    public static string? Find<T>(
        Graph<T> graph, IReadOnlyDictionary<int, (Tensor<T>, Tensor<T>)> leaves, int size, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new (Tensor<T> One, Tensor<T> Other)?[graph.Vertices.Count];
        var readers = new int[graph.Vertices.Count];
        string? first = null;
        // What closes a cycle is zero in the first sweep of forward initialisation, and what the cycle made it in the
        // next: a second one shows what depends on it.
        var isLast = !graph.HasCycles;
        for (var id = 0; id < graph.Vertices.Count; id++)
        {
            var vertex = graph.Vertices[id];
            readers[id] = graph.Consumers(id).Count;
            var value = vertex.Kind switch
            {
                VertexKind.Data => leaves.TryGetValue(id, out var pair) ? pair
                    : (new Tensor<T>(vertex.Shape), new Tensor<T>(vertex.Shape)),
                VertexKind.Parameter => Parameter(vertex),
                _ => Predict(graph, vertex.Id, values),
            };
            var differs = value.Item1.Shape is { Rank: > 0 } shape && shape[0] == size
                && !value.Item1.Rows(0, rows).Span.SequenceEqual(value.Item2.Rows(0, rows).Span);
            if (differs) first ??= vertex.Name;
            // Where the outermost axis is not the batch's, rows may differ that are no samples: the root decides.
            if (id == graph.RootId && isLast) return differs ? first : null;
            values[id] = value;
            foreach (var edge in graph.Inputs(id))
            {
                if (--readers[edge.From] == 0 && !graph.HasCycles) values[edge.From] = null;
            }
            if (id == graph.RootId && !isLast) (isLast, id) = (true, -1);
        }
        return null;
    }

    // A scale that begins at 0 would hide what training shows: what learns is moved a little.
    private static (Tensor<T>, Tensor<T>) Parameter<T>(Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!vertex.Trainable) return (vertex.Initial!, vertex.Initial!);
        var random = new SeededRandom(0, $"moves {vertex.Name}");
        var moved = vertex.Initial!.Clone();
        foreach (ref var element in moved.Writable)
            element += T.CreateChecked(random.NextGaussian() / Math.Sqrt(moved.Length));
        return (moved, moved);
    }

    private static (Tensor<T>, Tensor<T>) Predict<T>(Graph<T> graph, int id, (Tensor<T> One, Tensor<T> Other)?[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var description = VertexDescription<T>.Of(graph, id);
        var one = Predict(v => v.One);
        return graph.DependsOnData(id) ? (one, Predict(v => v.Other)) : (one, one);

        Tensor<T> Predict(Func<(Tensor<T> One, Tensor<T> Other), Tensor<T>> side)
        {
            var evaluation = new Evaluation<T>(description, factors: false);
            foreach (var (slot, edge) in graph.Inputs(id).Index())
            {
                evaluation.Inputs[slot] = values[edge.From] is { } pair
                    ? side(pair) : new Tensor<T>(graph.Vertices[edge.From].Shape);
            }
            evaluation.Draw(0, new StepId(1, 0, 1), 0);
            return evaluation.Predict();
        }
    }
}
