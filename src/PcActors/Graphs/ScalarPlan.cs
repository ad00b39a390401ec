using System.Globalization;
using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Divides everything that needs an error into vertices with one number a sample: the
/// computational graph as theory draws it.</summary>
/// <remarks>Dense layers become products, sums and activations; element-wise functions a
/// vertex for each feature. What no trainable parameter leads to is the data's preparation and stays as it is; features
/// are taken from it by Slice. Everything else, such as softmax, normalisation and convolution, is a function of
/// several numbers and is refused.</remarks>
internal sealed class ScalarPlan<T>(Graph<T> graph) : RefinementPlan<T>(graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override long VerticesOfPart(Vertex<T> vertex) =>
        vertex.Kind == VertexKind.Function && IsLayer(vertex) ? Terms(vertex) + 1L : 1;

    /// <inheritdoc/>
    public override Node<T> Make(RefinedGraph<T> refined, Vertex<T> vertex, int part)
    {
        var name = RefinedGraph<T>.UnitName(vertex, part);
        var inputs = Graph.Inputs(vertex.Id);
        if (!IsLayer(vertex))
            return refined.Builder.Apply(vertex.Function!, [.. inputs.Select(e => refined.Read(e, part))], name);
        var (terms, units, isTransposed) = (Terms(vertex), vertex.Shape[1], UnitAxis(vertex) == 0);
        var summands = new Node<T>[terms + inputs.Count - 2];
        for (var i = 0; i < terms; i++)
        {
            var weight = refined.Read(inputs[1], isTransposed ? (part * terms) + i : (i * units) + part);
            summands[i] = refined.Builder.Apply(
                refined.Product, [refined.Read(inputs[0], i), weight],
                string.Create(CultureInfo.InvariantCulture, $"{name}/product{i}"));
        }
        if (inputs.Count == 3) summands[terms] = refined.Read(inputs[2], part);
        return refined.Builder.Apply(refined.Sum, summands, name);
    }

    protected override int? UnitAxis(Vertex<T> vertex)
    {
        if (vertex.Function is not { OperatorType: not "Conv", Attributes: var attributes } || vertex.Shape.Rank != 2)
            return null;
        var isPlain = attributes.Float("alpha", 1) == 1 && attributes.Float("beta", 1) == 1
            && !attributes.Flag("transA", false);
        return isPlain && Graph.RequiresError(vertex.Id) && Graph.DependsOnData(vertex.Id)
            ? base.UnitAxis(vertex)
            : null;
    }

    protected override Division? Divide(Vertex<T> vertex)
    {
        if (!Graph.RequiresError(vertex.Id)) return null;
        if (!IsLayer(vertex)) RequireElementwise(vertex);
        return new Division(1, vertex.Shape[1]);
    }

    protected override Division DivideWeight(Vertex<T> weight, int unitAxis) =>
        new(unitAxis, weight.Shape.Length, IsElements: true);

    protected override Reading ReadingOfLayer(Edge edge) => edge.Slot switch
    {
        0 => Reading.AllParts,
        1 => Reading.Weight,
        _ => Reading.Aligned,
    };

    private int Terms(Vertex<T> layer) => Graph.InputShapes(layer.Id)[0][1];

    private void RequireElementwise(Vertex<T> vertex)
    {
        var function = vertex.Function!;
        if (function.OperatorType is "MatMul" or "Gemm" or "Linear")
            throw Refusal(vertex,
                "its weight is no parameter that such layers alone read, or it is scaled or transposed");
        if (!IsElementwise(function)) throw Refusal(vertex, "it is a function of several numbers at once");
        if (vertex.Shape.Rank != 2 || !Graph.DependsOnData(vertex.Id))
            throw Refusal(vertex, $"its value {vertex.Shape} is not [samples, features]");
        foreach (var edge in Graph.Inputs(vertex.Id))
        {
            var input = Graph.Vertices[edge.From];
            if (input.Kind == VertexKind.Parameter && input.Shape.Length != 1
                && (AlignedAxis(vertex, 1, input.Shape) is not (>= 0 and var axis)
                    || input.Shape.Length != input.Shape[axis]))
                throw Refusal(vertex, $"its parameter '{input.Name}' {input.Shape} is not one number a feature");
        }
    }

    private static GraphException Refusal(Vertex<T> vertex, string why) => new(
        $"the vertex '{vertex.Name}' ({vertex.Function!.OperatorType}) does not come apart into products, sums and "
        + $"functions of one number: {why}; " +
        "the granularity scalar takes dense layers and element-wise functions, the granularity unit takes any graph",
        vertex.Name);
}
