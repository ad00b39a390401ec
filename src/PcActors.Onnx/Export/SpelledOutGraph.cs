using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>A graph in which each function that ONNX has only in several operators is a vertex for each of them.
/// </summary>
internal static class SpelledOutGraph
{
    /// <summary>The graph; the one that is given when it has no such functions. What the last of a function's operators
    /// give has the function's name.</summary>
    /// <param name="graph">A graph without cycles.</param>
    public static Graph<T> Of<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!graph.Vertices.Any(v => v.Function is { } function && IsSeveral(function.OperatorType))) return graph;
        var builder = new GraphBuilder<T>();
        var names = graph.Vertices.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var nodes = new List<Node<T>>();
        foreach (var vertex in graph.Vertices)
        {
            var inputs = graph.Inputs(vertex.Id).Select(edge => nodes[edge.From]).ToArray();
            nodes.Add(vertex.Kind switch
            {
                VertexKind.Data => builder.Data(vertex.Name, vertex.Shape),
                VertexKind.Parameter =>
                    builder.Parameter(vertex.Name, vertex.Initial!, vertex.Trainable, vertex.Block),
                _ when IsSeveral(vertex.Function!.OperatorType) =>
                    Apply(new Spelling<T>(builder, vertex, inputs, names)),
                _ => builder.Apply(vertex.Function!, inputs, vertex.Name),
            });
        }
        return builder.Build(nodes[graph.RootId]);
    }

    private static bool IsSeveral(string operatorType) =>
        operatorType is ElementwiseChainOperators.Name or LinearSpelling.Operator or MaskedSoftmaxOperators.Added
            or MaskedSoftmaxOperators.Filled
        || CellSpelling.Knows(operatorType);

    private static Node<T> Apply<T>(Spelling<T> spelling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => spelling.Operator switch
        {
            ElementwiseChainOperators.Name => ChainSpelling.Apply(spelling),
            LinearSpelling.Operator => LinearSpelling.Apply(spelling),
            MaskedSoftmaxOperators.Added or MaskedSoftmaxOperators.Filled => MaskedSoftmaxSpelling.Apply(spelling),
            _ => CellSpelling.Apply(spelling),
        };
}
