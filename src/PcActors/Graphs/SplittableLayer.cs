using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A dense or convolutional layer found in a graph: a product with a weight of its
/// own, then a bias and activations while each is the only reader of the one before.</summary>
/// <remarks>Its units are output features, or output channels of a convolution without groups.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class SplittableLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Element-wise functions of one input: a unit's value depends on that unit alone.
    private static readonly HashSet<string> Activations = new(StringComparer.Ordinal) { "Tanh", "Sigmoid", "Relu" };

    private readonly Dictionary<int, int> _unitAxes = [];

    private SplittableLayer(Vertex<T> product, Vertex<T> weight, int unitAxis)
    {
        Stages.Add(product);
        IsConvolution = product.Function!.OperatorType == "Conv";
        ValueAxis = IsConvolution ? 1 : product.Shape.Rank - 1;
        Units = weight.Shape[unitAxis];
        Terms = Units == 0 ? 0 : weight.Shape.Length / Units;
        _unitAxes.Add(weight.Id, unitAxis);
    }

    /// <summary>The product and what follows it, in order.</summary>
    public List<Vertex<T>> Stages { get; } = [];

    public bool IsConvolution { get; }

    /// <summary>The axis of the layer's values on which the units lie.</summary>
    public int ValueAxis { get; }

    /// <summary>Inputs that one output sums.</summary>
    public int Terms { get; }

    public int Units { get; }

    /// <summary>Floating-point operations of the product for one sample.</summary>
    public long OperationsPerSample => 2L * Stages[0].Shape.LengthOf(1, Stages[0].Shape.Rank) * Terms;

    public IEnumerable<int> ParameterIds => _unitAxes.Keys;

    /// <summary>On which axis of this parameter of the layer the units lie; null when it is no
    /// parameter of the layer.</summary>
    public int? UnitAxis(int vertex) => _unitAxes.TryGetValue(vertex, out var axis) ? axis : null;

    /// <summary>The layer that starts with this vertex, if one does.</summary>
    public static SplittableLayer<T>? Find(Graph<T> graph, Vertex<T> vertex)
    {
        if (vertex.Function?.OperatorType is not ("MatMul" or "Gemm" or "Linear" or "Conv") || vertex.Shape.Rank < 2)
            return null;
        var inputs = graph.Inputs(vertex.Id);
        var weight = graph.Vertices[inputs[1].From];
        if (!IsOwnParameter(graph, weight) || inputs[0].From == weight.Id
            || WeightAxis(vertex, weight.Shape) is not { } axis) return null;

        var layer = new SplittableLayer<T>(vertex, weight, axis);
        if (inputs.Count == 3 && !layer.AddBias(graph, graph.Vertices[inputs[2].From], 0)) return null;
        layer.Follow(graph);
        return layer;
    }

    /// <summary>The weight's axis of units; null where the layer does not come apart.</summary>
    internal static int? WeightAxis(Vertex<T> product, Shape weight)
    {
        var function = product.Function!;
        // A block of a group would have to read that group's channels alone.
        if (function.OperatorType == "Conv") return function.Attributes.Integer("group", 1) == 1 ? 0 : null;
        if (weight.Rank != 2) return null;
        return function.Attributes.Flag(function.OperatorType == "Linear" ? "transW" : "transB", false) ? 0 : 1;
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
                    && other.Count == 1
                    && AddBias(graph, graph.Vertices[other[0].From], Stages[^1].Shape.Rank - 1 - ValueAxis);
            if (!belongs) return;
            Stages.Add(next);
        }
    }

    /// <summary>Takes a bias in: one number a unit.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="bias">What may be one.</param>
    /// <param name="trailing">Axes of extent 1 after that of the units.</param>
    private bool AddBias(Graph<T> graph, Vertex<T> bias, int trailing)
    {
        var axis = bias.Shape.Rank - 1 - trailing;
        if (!IsOwnParameter(graph, bias) || axis < 0 || bias.Shape[axis] != Units || bias.Shape.Length != Units)
            return false;
        if (trailing == 0 && axis != 0) return false;
        _unitAxes[bias.Id] = axis;
        return true;
    }

    private static bool IsOwnParameter(Graph<T> graph, Vertex<T> vertex) =>
        vertex is { Kind: VertexKind.Parameter, Block: null } && graph.Consumers(vertex.Id).Count == 1;
}
