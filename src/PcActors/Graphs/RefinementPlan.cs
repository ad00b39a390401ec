using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>Which vertices of a graph are divided, and how: decided before anything is built.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal abstract class RefinementPlan<T>(Graph<T> graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Division?[] _divisions = new Division?[graph.Vertices.Count];
    private readonly bool?[] _isLayer = new bool?[graph.Vertices.Count];

    public Graph<T> Graph { get; } = graph;

    /// <summary>How a vertex is divided; null when it stays whole.</summary>
    public Division? this[int vertex] => _divisions[vertex];

    public void Decide()
    {
        foreach (var vertex in Graph.Vertices)
        {
            if (vertex.Kind == VertexKind.Function) _divisions[vertex.Id] = Divide(vertex);
        }
        foreach (var parameter in Graph.Parameters) _divisions[parameter.Id] = DivideParameter(parameter);
    }

    /// <summary>How many vertices the finer graph has before it is levelled.</summary>
    public long CountVertices()
    {
        long count = 0;
        foreach (var vertex in Graph.Vertices)
        {
            var readers = Graph.Consumers(vertex.Id);
            if (_divisions[vertex.Id] is { } division)
            {
                count += division.Count * VerticesOfPart(vertex);
                if (readers.Count == 0 || readers.Any(e => ReadingOf(e) == Reading.Whole)) count++;
            }
            else
            {
                count++;
                if (readers.Where(TakesSlices).Select(SourceAxis).FirstOrDefault(-1) is >= 0 and var axis)
                    count += vertex.Shape[axis];
            }
        }
        return count;
    }

    /// <summary>Vertices of one part of a function vertex, or of a parameter.</summary>
    public virtual long VerticesOfPart(Vertex<T> vertex) => 1;

    /// <summary>How an edge is read.</summary>
    public Reading ReadingOf(Edge edge) =>
        _divisions[edge.To] is null
            ? Reading.Whole
            : IsLayer(Graph.Vertices[edge.To]) ? ReadingOfLayer(edge) : Reading.Aligned;

    /// <summary>The axis of an edge's source along which its divided consumer's axis lies; negative when
    /// the source has none.</summary>
    public int SourceAxis(Edge edge)
    {
        var (source, consumer) = (Graph.Vertices[edge.From], Graph.Vertices[edge.To]);
        if (ReadingOf(edge) == Reading.AllParts) return source.Shape.Rank - 1;
        if (consumer.Function!.OperatorType == "Conv" && edge.Slot == 2) return 0;
        return source.Shape.Rank - consumer.Shape.Rank + _divisions[edge.To]!.Value.Axis;
    }

    /// <summary>The function's part of an index.</summary>
    public abstract Node<T> Make(RefinedGraph<T> refined, Vertex<T> vertex, int part);

    /// <summary>How a function vertex is divided. Its inputs that are functions are decided already.</summary>
    protected abstract Division? Divide(Vertex<T> vertex);

    /// <summary>How a layer's weight is divided.</summary>
    protected abstract Division DivideWeight(Vertex<T> weight, int unitAxis);

    /// <summary>How a layer that is divided reads an input.</summary>
    protected abstract Reading ReadingOfLayer(Edge edge);

    /// <summary>Whether the vertex is a product with a weight that comes apart by units. It does
    /// when it is a whole parameter, and all that read it are such layers, with the units on the same axis.</summary>
    protected bool IsLayer(Vertex<T> vertex)
    {
        return _isLayer[vertex.Id] ??= UnitAxis(vertex) is { } axis
            && Graph.Vertices[Graph.Inputs(vertex.Id)[1].From] is { Kind: VertexKind.Parameter, Block: null } weight
            && Graph.Consumers(weight.Id).All(e => e.Slot == 1 && UnitAxis(Graph.Vertices[e.To]) == axis);
    }

    /// <summary>The axis of a product's weight on which the units lie; null when the vertex is
    /// none that comes apart.</summary>
    protected virtual int? UnitAxis(Vertex<T> vertex) =>
        vertex.Function?.OperatorType is "MatMul" or "Gemm" or "Linear" or "Conv" && vertex.Shape.Rank >= 2
            ? SplittableLayer<T>.WeightAxis(vertex, Graph.InputShapes(vertex.Id)[1])
            : null;

    /// <summary>Whether each element of the prediction is a function of the inputs' elements
    /// at its place alone.</summary>
    protected static bool IsElementwise(ElementaryFunction<T> function) =>
        function is UnaryFunction<T> or BinaryFunction<T> or VariadicFunction<T> or Identity<T> or Clip<T> or Where<T>
            or ElementwiseChain<T>;

    /// <summary>The axis of an element-wise function's input that is the function's axis; negative when
    /// the input has none.</summary>
    protected static int AlignedAxis(Vertex<T> consumer, int axis, Shape input) =>
        input.Rank - consumer.Shape.Rank + axis;

    private Division? DivideParameter(Vertex<T> parameter)
    {
        Division? division = null;
        foreach (var edge in Graph.Consumers(parameter.Id))
        {
            Division? wanted = ReadingOf(edge) switch
            {
                Reading.Weight => DivideWeight(parameter, UnitAxis(Graph.Vertices[edge.To])!.Value),
                Reading.Aligned when SourceAxis(edge) is >= 0 and var axis && parameter.Shape[axis] > 1 =>
                    new Division(axis, parameter.Shape[axis]),
                _ => null,
            };
            if (wanted is null || (division is not null && division != wanted) || parameter.Block is not null)
                return null;
            division = wanted;
        }
        return division;
    }

    /// <summary>Whether the edge's consumer takes slices of a source that stays whole.</summary>
    private bool TakesSlices(Edge edge) => ReadingOf(edge) switch
    {
        Reading.AllParts => true,
        Reading.Aligned => SourceAxis(edge) is >= 0 and var axis && Graph.Vertices[edge.From].Shape[axis] > 1,
        _ => false,
    };
}

/// <summary>A vertex's value in parts: one for each index of an axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Count">How many parts: the axis's extent, or for a weight in scalars the
/// number of its elements.</param>
/// <param name="IsElements">Whether each part is one element, in row-major order.</param>
internal readonly record struct Division(int Axis, int Count, bool IsElements = false);

/// <summary>How an edge's consumer reads its input in the finer graph.</summary>
internal enum Reading
{
    /// <summary>All of it, in one vertex.</summary>
    Whole,

    /// <summary>Each part of the consumer reads the part of the same index; or the whole,
    /// where it is broadcast.</summary>
    Aligned,

    /// <summary>All parts, each by a product of its own.</summary>
    AllParts,

    /// <summary>As the weight of a layer that is divided.</summary>
    Weight,
}
