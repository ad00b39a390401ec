using System.Numerics;
using PcActors.Graphs;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>Tables of a graph, from the data to the root.</summary>
internal static class GraphTables
{
    /// <summary>A row a level.</summary>
    public static FittingTable OfLevels<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var table = new FittingTable(
            new Column("level"), new Column("vertices"), new Column("parameters"), new Column("operations forward"),
            new Column("operations back"), new Column("identities"))
        { Required = 3 };
        foreach (var level in graph.Vertices.GroupBy(v => graph.Level(v.Id)).OrderByDescending(g => g.Key))
        {
            var costs = level.Select(v => GraphCost.Of(graph, v.Id)).ToList();
            table.AddRow(
                $"{level.Key}",
                $"{level.Count():#,0}",
                $"{level.Where(v => v.Kind == VertexKind.Parameter).Sum(v => (long)v.Shape.Length):#,0}",
                $"{costs.Sum(c => c.Forward):#,0}",
                $"{costs.Sum(c => c.Backward):#,0}",
                $"{level.Count(v => v.IsLevellingIdentity):#,0}");
        }
        return table;
    }

    /// <summary>A row a vertex.</summary>
    public static FittingTable OfVertices<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var table = new FittingTable(
            new Column("level"), new Column("vertex", IsText: true), new Column("operator", IsText: true),
            new Column("shape", IsText: true),
            new Column("inputs", IsText: true))
        { Required = 4 };
        foreach (var vertex in graph.Vertices.OrderByDescending(v => graph.Level(v.Id)).ThenBy(v => v.Id))
        {
            table.AddRow(
                $"{graph.Level(vertex.Id)}",
                vertex.Name,
                (vertex.Function?.OperatorType ?? vertex.Kind.ToString().ToLowerInvariant())
                + (vertex.IsLatent ? ", latent" : vertex.IsFree ? ", free" : ""),
                vertex.Shape.ToString(),
                string.Join(", ", graph.Inputs(vertex.Id).Select(e => graph.Vertices[e.From].Name)));
        }
        return table;
    }
}
