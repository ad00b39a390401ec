using System.Numerics;

namespace PcActors.Graphs;

/// <summary>Divides layers by units: output features, or output channels of convolutions without
/// groups. Element-wise functions of what is divided are divided, too.</summary>
/// <remarks>A weight that several layers share, as in a recurrent network, is divided for all of
/// them. A layer stays whole where anything else reads its weight, and so does every other function.</remarks>
internal sealed class UnitPlan<T>(Graph<T> graph) : RefinementPlan<T>(graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override Node<T> Make(RefinedGraph<T> refined, Vertex<T> vertex, int part) => refined.Builder.Apply(
        vertex.Function!, [.. Graph.Inputs(vertex.Id).Select(e => refined.Read(e, part))],
        RefinedGraph<T>.UnitName(vertex, part));

    protected override Division? Divide(Vertex<T> vertex)
    {
        if (IsLayer(vertex))
        {
            var axis = vertex.Function!.OperatorType == "Conv" ? 1 : vertex.Shape.Rank - 1;
            return new Division(axis, vertex.Shape[axis]);
        }
        return IsElementwise(vertex.Function!) ? DivideElementwise(vertex) : null;
    }

    protected override Division DivideWeight(Vertex<T> weight, int unitAxis) => new(unitAxis, weight.Shape[unitAxis]);

    protected override Reading ReadingOfLayer(Edge edge) => edge.Slot switch
    {
        0 => Reading.Whole,
        1 => Reading.Weight,
        _ => Reading.Aligned,
    };

    private Division? DivideElementwise(Vertex<T> vertex)
    {
        Division? division = null;
        foreach (var edge in Graph.Inputs(vertex.Id))
        {
            if (this[edge.From] is not { } of) continue;
            var axis = vertex.Shape.Rank - Graph.Vertices[edge.From].Shape.Rank + of.Axis;
            if (vertex.Shape[axis] != of.Count) continue;
            if (division is { } other && other.Axis != axis) return null;
            division = new Division(axis, vertex.Shape[axis]);
        }
        if (division is not { } found) return null;
        foreach (var edge in Graph.Inputs(vertex.Id))
        {
            var input = Graph.Vertices[edge.From];
            if (this[edge.From] is not null || input.Kind == VertexKind.Parameter) continue;
            // What is whole, and not one for all units, would have to be cut first.
            if (AlignedAxis(vertex, found.Axis, input.Shape) is >= 0 and var axis && input.Shape[axis] > 1) return null;
        }
        return found;
    }
}
