using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A dense layer found in a graph: a product with a weight of its own, then a bias and activations while each is
/// the only reader of the one before.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class DenseLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Element-wise functions of one input: a unit's value depends on that unit alone.
    private static readonly HashSet<string> Activations = new(StringComparer.Ordinal) { "Tanh", "Sigmoid", "Relu" };

    private readonly Dictionary<int, int> _unitAxes = [];

    private DenseLayer(Vertex<T> product, Vertex<T> weight, int unitAxis)
    {
        Stages.Add(product);
        Units = weight.Shape[unitAxis];
        InputFeatures = weight.Shape[1 - unitAxis];
        _unitAxes.Add(weight.Id, unitAxis);
    }

    /// <summary>The product and what follows it, in order.</summary>
    public List<Vertex<T>> Stages { get; } = [];

    public int InputFeatures { get; }

    public int Units { get; }

    public IEnumerable<int> ParameterIds => _unitAxes.Keys;

    /// <summary>On which axis of this parameter of the layer the units lie; null when it is no parameter of the layer.</summary>
    public int? UnitAxis(int vertex) => _unitAxes.TryGetValue(vertex, out var axis) ? axis : null;

    /// <summary>The layer that starts with this vertex, if one does.</summary>
    public static DenseLayer<T>? Find(Graph<T> graph, Vertex<T> vertex)
    {
        if (vertex.Function?.OperatorType is not ("MatMul" or "Gemm")) return null;
        var inputs = graph.Inputs(vertex.Id);
        var weight = graph.Vertices[inputs[1].From];
        if (!IsOwnParameter(graph, weight) || weight.Shape.Rank != 2 || inputs[0].From == weight.Id) return null;

        var isGemm = vertex.Function.OperatorType == "Gemm";
        var transposed = isGemm && vertex.Function.Attributes.Flag("transB", false);
        var layer = new DenseLayer<T>(vertex, weight, transposed ? 0 : 1);
        if (vertex.Shape.Rank < 2) return null;
        if (isGemm && inputs.Count == 3 && !layer.AddBias(graph, graph.Vertices[inputs[2].From])) return null;
        layer.Follow(graph);
        return layer;
    }

    private void Follow(Graph<T> graph)
    {
        while (graph.Consumers(Stages[^1].Id) is [var edge])
        {
            var next = graph.Vertices[edge.To];
            var other = graph.Inputs(next.Id).Where(e => e.From != Stages[^1].Id).ToList();
            var belongs = other.Count == 0
                ? Activations.Contains(next.Function!.OperatorType)
                : next.Function!.OperatorType == "Add" && next.Shape.Equals(Stages[^1].Shape)
                    && other.Count == 1 && AddBias(graph, graph.Vertices[other[0].From]);
            if (!belongs) return;
            Stages.Add(next);
        }
    }

    private bool AddBias(Graph<T> graph, Vertex<T> bias)
    {
        if (!IsOwnParameter(graph, bias) || !bias.Shape.Equals(new Shape(Units))) return false;
        _unitAxes[bias.Id] = 0;
        return true;
    }

    private static bool IsOwnParameter(Graph<T> graph, Vertex<T> vertex) =>
        vertex is { Kind: VertexKind.Parameter, Block: null } && graph.Consumers(vertex.Id).Count == 1;
}
