using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx.Rewriting;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Vertices collected during an import. Those that do not reach the root are dropped when
/// the graph is built.</summary>
/// <param name="takesOver">Whether initial values of parameters that learn are given up where they come from.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PendingGraph<T>(bool takesOver)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Vertex> _vertices = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    public bool Has(string name) => _indices.ContainsKey(name);

    /// <summary>What has been put together by rules.</summary>
    public IReadOnlyList<RewrittenVertex> Rewritten { get; private set; } = [];

    public void AddData(string name, Shape shape) => Add(new(name, shape, null, false, null, []));

    public void AddParameter(string name, OnnxTensor initial, bool trainable) =>
        Add(new(name, initial.Shape, initial, trainable, null, []));

    public void AddFunction(string name, ElementaryFunction<T> function, IReadOnlyList<string> inputs, Shape shape) =>
        Add(new(name, shape, null, false, function, [.. inputs.Select(i => _indices[i])]));

    /// <summary>The graph of the vertices that reach the root, in the order in which they were added.</summary>
    /// <param name="root">The root.</param>
    /// <param name="rewriter">Rewrites it; null: it is as it was collected.</param>
    /// <exception cref="GraphException">The root is a leaf.</exception>
    public Graph<T> Build(string root, Rewriter? rewriter = null)
    {
        var reaches = new bool[_vertices.Count];
        reaches[_indices[root]] = true;
        for (var i = reaches.Length - 1; i >= 0; i--)
        {
            foreach (var input in reaches[i] ? _vertices[i].Inputs : []) reaches[input] = true;
        }
        var made = new RewritableVertex[_vertices.Count];
        for (var i = 0; i < made.Length; i++)
        {
            if (reaches[i]) made[i] = Rewritable(_vertices[i], made, isRoot: _vertices[i].Name == root);
        }
        IReadOnlyList<RewritableVertex> vertices = [.. made.Where((_, i) => reaches[i])];
        if (rewriter is not null) (vertices, Rewritten) = (rewriter.Apply(vertices), rewriter.Done);
        var builder = new GraphBuilder<T>();
        var nodes = new Dictionary<RewritableVertex, Node<T>>();
        foreach (var vertex in vertices) nodes.Add(vertex, Build(builder, nodes, vertex));
        return builder.Build(nodes[vertices.Single(v => v.IsRoot)]);
    }

    private static RewritableVertex Rewritable(Vertex vertex, RewritableVertex[] made, bool isRoot) =>
        vertex.Function is { } function
            ? RewritableVertex.Function(vertex.Name, vertex.Shape, function.OperatorType, function.Attributes,
                Array.ConvertAll(vertex.Inputs, i => made[i]), isRoot)
            : new RewritableVertex(vertex.Name, vertex.Shape)
            {
                Initial = vertex.Initial,
                Trainable = vertex.Trainable,
                IsRoot = isRoot,
            };

    private Node<T> Build(GraphBuilder<T> builder, Dictionary<RewritableVertex, Node<T>> nodes, RewritableVertex vertex)
    {
        if (vertex.Operator is { } operatorType)
            return builder.Apply(OperatorCatalogue.Create<T>(operatorType, vertex.Attributes),
                [.. vertex.Inputs.Select(i => nodes[i])], vertex.Name);
        return vertex.Initial is null
            ? builder.Data(vertex.Name, vertex.Shape)
            : builder.Parameter(
                vertex.Name,
                takesOver && vertex.Trainable ? vertex.Initial.TakeOver<T>() : vertex.Initial.ToTensor<T>(),
                vertex.Trainable);
    }

    private void Add(Vertex vertex)
    {
        _indices.Add(vertex.Name, _vertices.Count);
        _vertices.Add(vertex);
    }

    private sealed record Vertex(
        string Name, Shape Shape, OnnxTensor? Initial, bool Trainable, ElementaryFunction<T>? Function, int[] Inputs);
}
