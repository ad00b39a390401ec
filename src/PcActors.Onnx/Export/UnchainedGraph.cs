using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>A graph in which each function of a chain, which is no operator of ONNX's, is a vertex.</summary>
internal static class UnchainedGraph
{
    /// <summary>The graph; the one that is given when it has no chains. It has the names of the chains for what the
    /// last of their functions give.</summary>
    /// <param name="graph">A graph without cycles.</param>
    public static Graph<T> Of<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (graph.Vertices.All(v => v.Function?.OperatorType != ElementwiseChainOperators.Name)) return graph;
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
                _ when vertex.Function!.OperatorType == ElementwiseChainOperators.Name =>
                    Apply(builder, vertex, inputs, names),
                _ => builder.Apply(vertex.Function!, inputs, vertex.Name),
            });
        }
        return builder.Build(nodes[graph.RootId]);
    }

    private static Node<T> Apply<T>(
        GraphBuilder<T> builder, Vertex<T> chain, Node<T>[] inputs, HashSet<string> names)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var steps = ChainStep.Parse(chain.Function!.Attributes.Text(ElementwiseChainOperators.Functions, ""));
        var (value, constants) = (inputs[0], new Queue<Node<T>>(inputs[1..]));
        for (var i = 0; i < steps.Count; i++)
        {
            Node<T>[] read = [
                .. steps[i].Operands.Where(o => o != '-').Select(o => o == 'x' ? value : constants.Dequeue())];
            var name = chain.Name;
            if (i < steps.Count - 1)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{chain.Name}/{i + 1}");
                while (!names.Add(name)) name += "'";
            }
            value = builder.Apply(steps[i].Operator, read, steps[i].Whole, name);
        }
        return value;
    }
}
