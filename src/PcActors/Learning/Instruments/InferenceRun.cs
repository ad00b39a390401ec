using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Learning.Instruments;

/// <summary>The inference of one step in one place and without messages: the vertices' own
/// dynamics, for instruments that look at all of them.</summary>
/// <remarks>In timestep t first all active vertices move by the errors of t - 1; then all predict
/// from the values of t, take their errors, and pull them back to act at t + 1.</remarks>
internal sealed class InferenceRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly LearningRule _rule;
    private readonly Loss _loss;
    private readonly MicroBatchInference<T>?[] _states;
    private readonly EdgeIndex[] _errorEdges;

    /// <summary>A run at its beginning: values are at their first predictions.</summary>
    /// <param name="graph">The graph that runs, levelled where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="batch">Inputs and target, of one micro-batch.</param>
    /// <exception cref="ArgumentException">The batch has several micro-batches.</exception>
    public InferenceRun(Graph<T> graph, LearningRule rule, Loss loss, Batch<T> batch)
    {
        if (batch.MicroBatches != 1)
            throw new ArgumentException($"the batch has {batch.MicroBatches} micro-batches; one is needed",
                nameof(batch));
        (_graph, _rule, _loss) = (graph, rule, loss);
        var values = graph.Vertices.Select(v => v.Initial).ToArray();
        foreach (var (leaf, vertex) in graph.DataLeaves.Index()) values[vertex.Id] = batch.Input(leaf, 0);
        _errorEdges = [.. graph.Vertices.Select(v => new EdgeIndex(
            [.. graph.Consumers(v.Id).Where(graph.CarriesError).Select(e => e.Number)]))];
        _states = new MicroBatchInference<T>?[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
        {
            var state = new MicroBatchInference<T>(VertexDescription<T>.Of(graph, vertex.Id), rule,
                _errorEdges[vertex.Id].Count);
            var inputs = graph.Inputs(vertex.Id);
            for (var slot = 0; slot < inputs.Count; slot++) state.TakeInput(slot, values[inputs[slot].From]!, 0);
            state.Initialise(rule.DrawsAtRandom ? new SeededRandom((ulong)vertex.Id) : null);
            values[vertex.Id] = state.Value;
            _states[vertex.Id] = state;
        }
        _states[graph.RootId]!.Target = new ClampTarget<T>(default, 0, batch.TargetOf(0), batch.Size);
    }

    /// <summary>Whether inference ever acts on a vertex: it has a prediction, and an error has to reach it.</summary>
    public static bool Acts(Graph<T> graph, int vertex) =>
        graph.Vertices[vertex].Function is not null && graph.RequiresError(vertex);

    /// <summary>The vertices that act at a time, in order of id.</summary>
    public IEnumerable<int> ActiveAt(int time) => Enumerable.Range(0, _states.Length).Where(v =>
        Acts(_graph, v) && (!_rule.RestsBehindWave || _graph.Level(v) == time));

    /// <summary>d = x - mu(0), which with mu(0) is the vertex's value.</summary>
    public Tensor<T> Displacement(int vertex) => _states[vertex]!.Displacement;

    /// <summary>eps, as it stood when the vertex last acted.</summary>
    public Tensor<T> Error(int vertex) => _states[vertex]!.Error;

    /// <summary>One timestep; they are taken in order, from 0.</summary>
    /// <param name="time">t.</param>
    /// <param name="disturb">What happens between the values' movement and the predictions from
    /// them; null for nothing.</param>
    public void Advance(int time, Action? disturb = null)
    {
        var active = ActiveAt(time).ToList();
        if (time > 0)
        {
            foreach (var vertex in active.Where(v => v != _graph.RootId)) _states[vertex]!.Move(time);
        }
        disturb?.Invoke();
        var moved = !_rule.RestsBehindWave && (time > 0 || disturb is not null);
        foreach (var vertex in active) _states[vertex]!.UpdateError(_loss, moved);
        foreach (var vertex in active) PullBack(vertex, time + 1);
    }

    /// <summary>Adds to a vertex's value.</summary>
    /// <param name="vertex">The vertex.</param>
    /// <param name="amounts">One for each element.</param>
    public void Displace(int vertex, ReadOnlySpan<T> amounts) => _states[vertex]!.Displace(amounts);

    private void PullBack(int vertex, int time)
    {
        var inputs = _graph.Inputs(vertex);
        var state = _states[vertex]!;
        for (var slot = 0; slot < inputs.Count; slot++)
        {
            var edge = inputs[slot];
            if (_states[edge.From] is not { } receiver || !_graph.CarriesError(edge)) continue;
            receiver.TakeError(_errorEdges[edge.From].Find(edge.Number), state.Evaluation.PullBack(slot, state.Error),
                time);
        }
    }
}
