using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Learning.Instruments;

/// <summary>What a disturbed value can have reached, timestep by timestep, and how far away that is:
/// from the edges alone.</summary>
internal sealed class ConeReach<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly bool[] _values;
    private readonly bool[] _errors;

    /// <summary>The reach in the timestep of the disturbance itself.</summary>
    /// <param name="graph">The graph that runs.</param>
    /// <param name="vertex">Whose value is disturbed.</param>
    public ConeReach(Graph<T> graph, int vertex)
    {
        _graph = graph;
        _values = new bool[graph.Vertices.Count];
        _errors = new bool[graph.Vertices.Count];
        _values[vertex] = true;
        Distances = Measure(vertex);
        SpreadToErrors();
    }

    /// <summary>Edges between each vertex and the disturbed one, whichever way they point, through
    /// vertices on which inference acts; -1 where there is no such path.</summary>
    public int[] Distances { get; }

    /// <summary>Whether the vertex's value or error may differ by now.</summary>
    public bool Includes(int vertex) => _errors[vertex];

    /// <summary>Goes on to the next timestep.</summary>
    public void Advance()
    {
        var before = (bool[])_errors.Clone();
        foreach (var edge in _graph.Edges)
        {
            // The root's error is the loss's, its value moves nothing.
            if (before[edge.To] && _graph.CarriesError(edge) && InferenceRun<T>.Acts(_graph, edge.From))
                _values[edge.From] = true;
        }
        for (var id = 0; id < before.Length; id++) _values[id] |= before[id] && id != _graph.RootId;
        SpreadToErrors();
    }

    /// <summary>An error is made of the vertex's own value and of its inputs' values, at the same timestep.</summary>
    private void SpreadToErrors()
    {
        for (var id = 0; id < _values.Length; id++) _errors[id] |= _values[id];
        foreach (var edge in _graph.Edges)
        {
            if (_values[edge.From] && InferenceRun<T>.Acts(_graph, edge.To)) _errors[edge.To] = true;
        }
    }

    private int[] Measure(int vertex)
    {
        var distances = new int[_graph.Vertices.Count];
        distances.AsSpan().Fill(-1);
        distances[vertex] = 0;
        var queue = new Queue<int>([vertex]);
        while (queue.TryDequeue(out var id))
        {
            foreach (var next in _graph.Inputs(id).Select(e => e.From).Concat(_graph.Consumers(id).Select(e => e.To)))
            {
                if (distances[next] >= 0 || !InferenceRun<T>.Acts(_graph, next)) continue;
                distances[next] = distances[id] + 1;
                queue.Enqueue(next);
            }
        }
        return distances;
    }
}
