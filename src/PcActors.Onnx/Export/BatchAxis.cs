using System.Numerics;
using PcActors.Graphs;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>Finds out whether a graph works for any number of samples, by inferring its shapes for twice and
/// three times as many.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class BatchAxis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The symbol of the dimension.</summary>
    public const string Symbol = "batch";

    private readonly Graph<T> _graph;
    private readonly Shape[]? _twice;
    private readonly Shape[]? _thrice;

    public BatchAxis(Graph<T> graph)
    {
        _graph = graph;
        _twice = Scale(2);
        _thrice = Scale(3);
    }

    /// <summary>The dimensions of a vertex's value.</summary>
    public TensorShapeProto Dimensions(int vertex)
    {
        var shape = _graph.Vertices[vertex].Shape;
        var result = new TensorShapeProto();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            var (once, twice, thrice) = (shape[axis], shape[axis], shape[axis]);
            if (_twice is not null && _thrice is not null)
                (twice, thrice) = (_twice[vertex][axis], _thrice[vertex][axis]);
            var dimension = new TensorShapeProto.Types.Dimension();
            if (twice == once && thrice == once) dimension.DimValue = once;
            else if (once == Batch && twice == 2 * once && thrice == 3 * once) dimension.DimParam = Symbol;
            result.Dim.Add(dimension);
        }
        return result;
    }

    private int Batch => _graph.DataLeaves.First().Shape[0];

    /// <summary>All shapes when there are so many times as many samples; null when the graph
    /// does not work then.</summary>
    private Shape[]? Scale(int factor)
    {
        if (_graph.DataLeaves.Any(v => v.Shape.Rank == 0 || v.Shape[0] != Batch) || !_graph.DataLeaves.Any())
            return null;
        var shapes = new Shape[_graph.Vertices.Count];
        foreach (var vertex in _graph.Vertices)
        {
            try
            {
                shapes[vertex.Id] = vertex.Kind switch
                {
                    VertexKind.Data => vertex.Shape.With(0, factor * Batch),
                    VertexKind.Parameter => vertex.Shape,
                    _ => vertex.Function!.InferShape([.. _graph.Inputs(vertex.Id).Select(e => shapes[e.From])]),
                };
            }
            catch (ShapeException)
            {
                return null;
            }
            if (shapes[vertex.Id].Rank != vertex.Shape.Rank) return null;
        }
        var (root, scaled) = (_graph.Root.Shape, shapes[_graph.RootId]);
        return root.Rank > 0 && scaled.Equals(root.With(0, factor * root[0])) ? shapes : null;
    }
}
