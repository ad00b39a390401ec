using System.Numerics;
using PcActors.Graphs;

namespace PcNode.Drawing;

/// <summary>Where each vertex of a graph is drawn: a column for each level, the root rightmost, and rows
/// that keep edges short.</summary>
internal sealed class GraphLayout
{
    private const int Sweeps = 8;

    private readonly double[] _rows;

    private GraphLayout(int columns, double[] rows) => (Columns, _rows) = (columns, rows);

    /// <summary>One for each level.</summary>
    public int Columns { get; }

    /// <summary>Vertices in the fullest column: rows lie in [0, <see cref="Rows"/> - 1].</summary>
    public int Rows { get; private init; }

    /// <summary>A vertex's row: a whole number, or a half where a column is centred.</summary>
    public double Row(int vertex) => _rows[vertex];

    /// <summary>A layout of a graph.</summary>
    public static GraphLayout Of<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var columns = Enumerable.Range(0, graph.Vertices.Count).GroupBy(graph.Level)
            .OrderBy(g => g.Key).Select(g => g.ToArray()).ToList();
        var rows = new double[graph.Vertices.Count];
        var height = columns.Max(c => c.Length);
        foreach (var column in columns) Centre(column, height, rows);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            // Away from the root a vertex follows its consumers, towards it its inputs.
            var awayFromRoot = sweep % 2 == 0;
            foreach (var column in awayFromRoot ? columns : Enumerable.Reverse(columns))
            {
                var pulls = Array.ConvertAll(column, id => Pull(graph, id, awayFromRoot, rows));
                Array.Sort(pulls, column);
                Centre(column, height, rows);
            }
        }
        return new GraphLayout(graph.Depth + 1, rows) { Rows = height };
    }

    /// <summary>The mean row of a vertex's neighbours on one side, ties broken by where it is.</summary>
    private static (double Row, double Current, int Id) Pull<T>(Graph<T> graph, int vertex, bool fromConsumers,
        double[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var neighbours = fromConsumers
            ? graph.Consumers(vertex).Select(e => rows[e.To])
            : graph.Inputs(vertex).Select(e => rows[e.From]);
        return (neighbours.DefaultIfEmpty(rows[vertex]).Average(), rows[vertex], vertex);
    }

    private static void Centre(int[] column, int height, double[] rows)
    {
        for (var i = 0; i < column.Length; i++) rows[column[i]] = i + ((height - column.Length) / 2.0);
    }
}
