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
        operatorType == ElementwiseChainOperators.Name || CellSpelling.Knows(operatorType);

    private static Node<T> Apply<T>(Spelling<T> spelling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CellSpelling.Knows(spelling.Operator) ? CellSpelling.Apply(spelling) : Chain(spelling);

    private static Node<T> Chain<T>(Spelling<T> chain)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var steps = ChainStep.Parse(chain.Attributes.Text(ElementwiseChainOperators.Functions, ""));
        var (value, constants) = (chain.Inputs[0], new Queue<Node<T>>(chain.Inputs.Skip(1)));
        foreach (var (i, step) in steps.Index())
        {
            Node<T>[] read = [
                .. step.Operands.Where(o => o != '-').Select(o => o == 'x' ? value : constants.Dequeue())];
            value = i == steps.Count - 1
                ? chain.Last(step.Operator, step.Whole, read)
                : chain.Part($"{i + 1}", step.Operator, step.Whole, read);
        }
        return value;
    }
}

/// <summary>Applies the operators that make up a function.</summary>
/// <param name="builder">Takes them.</param>
/// <param name="whole">The function's vertex.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="names">All names that there are.</param>
internal sealed class Spelling<T>(
    GraphBuilder<T> builder, Vertex<T> whole, IReadOnlyList<Node<T>> inputs, HashSet<string> names)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function's operator.</summary>
    public string Operator => whole.Function!.OperatorType;

    /// <summary>The function's attributes.</summary>
    public Attributes Attributes => whole.Function!.Attributes;

    /// <summary>What the function reads.</summary>
    public IReadOnlyList<Node<T>> Inputs => inputs;

    /// <summary>An operator before the last one.</summary>
    /// <param name="name">What it is called behind the function's name.</param>
    /// <param name="operatorType">The operator.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="read">What it reads.</param>
    public Node<T> Part(string name, string operatorType, Attributes attributes, params Node<T>[] read)
    {
        name = $"{whole.Name}/{name}";
        while (!names.Add(name)) name += "'";
        return builder.Apply(operatorType, read, attributes, name);
    }

    /// <summary>The last operator.</summary>
    public Node<T> Last(string operatorType, Attributes attributes, params Node<T>[] read) =>
        builder.Apply(operatorType, read, attributes, whole.Name);
}
