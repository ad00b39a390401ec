using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
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

    public void AddData(string name, Shape shape) => Add(new(name, shape, null, false, null, []));

    public void AddParameter(string name, OnnxTensor initial, bool trainable) =>
        Add(new(name, initial.Shape, initial, trainable, null, []));

    public void AddFunction(string name, ElementaryFunction<T> function, IReadOnlyList<string> inputs, Shape shape) =>
        Add(new(name, shape, null, false, function, [.. inputs.Select(i => _indices[i])]));

    /// <summary>The graph of the vertices that reach the root, in the order in which they were added.</summary>
    /// <exception cref="GraphException">The root is a leaf.</exception>
    public Graph<T> Build(string root)
    {
        var reaches = new bool[_vertices.Count];
        reaches[_indices[root]] = true;
        for (var i = reaches.Length - 1; i >= 0; i--)
        {
            foreach (var input in reaches[i] ? _vertices[i].Inputs : []) reaches[input] = true;
        }
        var builder = new GraphBuilder<T>();
        var nodes = new Node<T>[_vertices.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (reaches[i]) nodes[i] = Build(builder, nodes, _vertices[i]);
        }
        return builder.Build(nodes[_indices[root]]);
    }

    private Node<T> Build(GraphBuilder<T> builder, Node<T>[] nodes, Vertex vertex)
    {
        if (vertex.Function is not null)
            return builder.Apply(vertex.Function, Array.ConvertAll(vertex.Inputs, i => nodes[i]), vertex.Name);
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
