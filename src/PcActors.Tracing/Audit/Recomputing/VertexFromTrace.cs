using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning.Vertices;

namespace PcActors.Tracing.Audit.Recomputing;

/// <summary>Makes a vertex of a recorded run again, from the trace's header: operator, attributes and edges.</summary>
internal static class VertexFromTrace
{
    /// <summary>What the vertex knew of its network.</summary>
    /// <param name="graph">The header's graph.</param>
    /// <param name="id">The vertex.</param>
    /// <param name="start">What it begins with, if it is a parameter.</param>
    /// <exception cref="NotSupportedException">Its operator is none that the catalogue has.</exception>
    /// <exception cref="AttributeException">Its attributes do not fit the operator.</exception>
    public static VertexDescription<T> Describe<T>(AuditGraph graph, int id, ParameterSnapshot<T>? start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vertex = graph.Vertices[id];
        return new VertexDescription<T>
        {
            Id = id,
            Name = vertex.Name,
            Kind = vertex.Kind,
            Level = graph.Levels[id],
            Shape = vertex.Shape,
            Function = vertex.Kind == VertexKind.Function ? OperatorCatalogue.Create<T>(vertex.Operator!, vertex.Attributes) : null,
            Start = start,
            RequiresError = vertex.RequiresError,
            DependsOnData = graph.DependsOnData[id],
            Inputs = [.. graph.Inputs(id).Select(e => graph.Edges[e]).OrderBy(e => e.Slot).Select(e => new InputEdge(
                e.Number, graph.Vertices[e.From].Shape, e.CarriesError, graph.DependsOnData[e.From], graph.Moves(e.From)))],
            Consumers = [.. graph.Consumers(id).Select(e => graph.Edges[e])
                .OrderBy(e => graph.Levels[e.To]).ThenBy(e => graph.Vertices[e.To].IsIdentity ? 0 : 1).ThenBy(e => e.Number)
                .Select(e => new ConsumerEdge(e.Number, e.CarriesError))],
        };
    }
}
