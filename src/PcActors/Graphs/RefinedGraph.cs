using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A finer graph under construction: vertices whole or in parts, joined and sliced where one
/// is read as the other.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class RefinedGraph<T>(RefinementPlan<T> plan)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph = plan.Graph;
    private readonly Node<T>?[] _whole = new Node<T>?[plan.Graph.Vertices.Count];
    private readonly Node<T>[]?[] _parts = new Node<T>[]?[plan.Graph.Vertices.Count];
    private readonly Node<T>?[]?[] _slices = new Node<T>?[]?[plan.Graph.Vertices.Count];

    public GraphBuilder<T> Builder { get; } = new();

    // One instance of a function serves all vertices.
    public ElementaryFunction<T> Product { get; } = OperatorCatalogue.Create<T>("Mul");

    public ElementaryFunction<T> Sum { get; } = OperatorCatalogue.Create<T>("Sum");

    public static string UnitName(Vertex<T> vertex, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{vertex.Name}/unit{part}");

    public Graph<T> Build()
    {
        foreach (var vertex in _graph.Vertices)
        {
            if (plan[vertex.Id] is { } division) _parts[vertex.Id] = Divide(vertex, division);
            else _whole[vertex.Id] = Copy(vertex);
        }
        return Builder.Build(Whole(_graph.RootId));
    }

    /// <summary>What a part of an edge's consumer reads.</summary>
    /// <param name="edge">An edge of the coarse graph.</param>
    /// <param name="part">The part of the consumer where it reads the part of the same index;
    /// otherwise of the source.</param>
    public Node<T> Read(Edge edge, int part)
    {
        var reading = plan.ReadingOf(edge);
        if (reading == Reading.Whole) return Whole(edge.From);
        if (_parts[edge.From] is { } parts) return parts.Length == 1 ? parts[0] : parts[part];
        var axis = plan.SourceAxis(edge);
        var shape = _graph.Vertices[edge.From].Shape;
        return axis < 0 || (shape[axis] == 1 && reading == Reading.Aligned)
            ? Whole(edge.From)
            : Slice(edge.From, axis, part);
    }

    private Node<T> Whole(int vertex) => _whole[vertex] ??= Builder.Apply(
        "Concat", _parts[vertex], Attributes.Of(("axis", plan[vertex]!.Value.Axis)), _graph.Vertices[vertex].Name);

    private Node<T> Slice(int vertex, int axis, int index)
    {
        var source = _graph.Vertices[vertex];
        var slices = _slices[vertex] ??= new Node<T>?[source.Shape[axis]];
        return slices[index] ??= Whole(vertex).Slice(axis, index, index + 1, name: PartName(source, axis, index));
    }

    private Node<T>[] Divide(Vertex<T> vertex, Division division)
    {
        var parts = new Node<T>[division.Count];
        for (var part = 0; part < parts.Length; part++)
            parts[part] = vertex.Kind == VertexKind.Parameter
                ? Cut(vertex, division, part)
                : plan.Make(this, vertex, part).LatentIf(vertex.IsLatent);
        return parts;
    }

    private Node<T> Cut(Vertex<T> parameter, Division division, int part)
    {
        var start = new int[parameter.Shape.Rank];
        if (!division.IsElements)
        {
            start[division.Axis] = part;
            var shape = parameter.Shape.With(division.Axis, 1);
            return ParameterBlocks.Cut(Builder, parameter, PartName(parameter, division.Axis, part), shape, start);
        }
        var rest = part;
        for (var axis = start.Length - 1; axis >= 0; axis--)
            (rest, start[axis]) = Math.DivRem(rest, parameter.Shape[axis]);
        return ParameterBlocks.Cut(Builder, parameter, $"{parameter.Name}[{string.Join(',', start)}]",
            One(start.Length), start);
    }

    private static Shape One(int rank)
    {
        Span<int> extents = stackalloc int[rank];
        extents.Fill(1);
        return new Shape(extents);
    }

    /// <summary>As NumPy writes it: <c>weight[:,3]</c>.</summary>
    private static string PartName(Vertex<T> vertex, int axis, int index)
    {
        var places = Enumerable.Repeat(":", vertex.Shape.Rank).ToArray();
        places[axis] = index.ToString(CultureInfo.InvariantCulture);
        return $"{vertex.Name}[{string.Join(',', places)}]";
    }

    private Node<T> Copy(Vertex<T> vertex) => vertex.Kind switch
    {
        VertexKind.Data => Builder.Data(vertex.Name, vertex.Shape, vertex.IsFree),
        VertexKind.Parameter => Builder.Parameter(vertex.Name, vertex.Initial!, vertex.Trainable, vertex.Block),
        _ => Builder.Apply(vertex.Function!, [.. _graph.Inputs(vertex.Id).Select(e => Whole(e.From))], vertex.Name)
            .LatentIf(vertex.IsLatent),
    };
}
