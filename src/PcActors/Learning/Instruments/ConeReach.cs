using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Learning.Instruments;

/// <summary>What a disturbed value can have reached, timestep by timestep, and how far away that is:
/// from the edges alone.</summary>
internal sealed class ConeReach<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly bool _sweeps;
    private readonly bool[] _values;
    private readonly bool[] _errors;

    /// <summary>The reach in the timestep of the disturbance itself.</summary>
    /// <param name="graph">The graph that runs.</param>
    /// <param name="vertex">Whose value is disturbed.</param>
    /// <param name="sweeps">Whether values are swept forward, and errors back, in each timestep.</param>
    public ConeReach(Graph<T> graph, int vertex, bool sweeps = false)
    {
        (_graph, _sweeps) = (graph, sweeps);
        _values = new bool[graph.Vertices.Count];
        _errors = new bool[graph.Vertices.Count];
        _values[vertex] = true;
        Distances = Measure(vertex);
        Spread();
    }

    /// <summary>Edges between each vertex and the disturbed one, whichever way they point, through
    /// vertices on which inference acts; -1 where there is no such path.</summary>
    public int[] Distances { get; }

    /// <summary>Whether every vertex holds its value, so that what is disturbed goes two hops a timestep.</summary>
    public bool IsHopwise => !Enumerable.Range(0, _values.Length).Any(PassesOn);

    /// <summary>Whether the vertex's value or error may differ by now.</summary>
    public bool Includes(int vertex) => _errors[vertex] || _values[vertex];

    /// <summary>Goes on to the next timestep.</summary>
    public void Advance()
    {
        var (values, errors) = ((bool[])_values.Clone(), (bool[])_errors.Clone());
        foreach (var edge in _graph.Edges)
        {
            // The root's error is the loss's, its value moves nothing.
            if ((values[edge.To] || errors[edge.To]) && _graph.CarriesError(edge) && Holds(edge.From))
                _values[edge.From] = true;
        }
        for (var id = 0; id < values.Length; id++) _values[id] |= errors[id] && Holds(id);
        Spread();
    }

    private bool Holds(int id) => id != _graph.RootId && _graph.Vertices[id].IsLatent;

    /// <summary>Whether a vertex passes values and errors on within a timestep.</summary>
    private bool PassesOn(int id) => id != _graph.RootId && InferenceRun<T>.Acts(_graph, id)
        && (_sweeps || !_graph.Vertices[id].IsLatent);

    /// <summary>Within a timestep values go forward through vertices that hold none,
    /// errors are made of the vertex's own value and of its inputs', and what is pulled back goes back through the same
    /// vertices. A pull-back depends on the puller's inputs, too.</summary>
    private void Spread()
    {
        foreach (var vertex in _graph.Vertices)
        {
            if (PassesOn(vertex.Id)) _values[vertex.Id] |= _graph.Inputs(vertex.Id).Any(e => _values[e.From]);
        }
        for (var id = _values.Length - 1; id >= 0; id--)
        {
            if (!InferenceRun<T>.Acts(_graph, id)) continue;
            _errors[id] |= _values[id] || _graph.Inputs(id).Any(e => _values[e.From]);
            if (PassesOn(id))
                _errors[id] |= _graph.Consumers(id)
                    .Any(e => _graph.CarriesError(e) && (_errors[e.To] || _values[e.To]));
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
