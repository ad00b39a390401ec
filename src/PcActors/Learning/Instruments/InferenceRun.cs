using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Learning.Instruments;

/// <summary>The inference of one step in one place and without messages: the vertices' own
/// dynamics, for instruments that look at all of them.</summary>
/// <remarks>In timestep t first all that moves does so by the errors of t - 1; then all predict, inputs first, from the
/// values of t; then they take their errors, consumers first, and pull them back.</remarks>
internal sealed class InferenceRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly LearningRule _rule;
    private readonly Loss _loss;
    private readonly MicroBatchInference<T>?[] _states;
    private readonly EdgeIndex[] _errorEdges;
    private readonly Tensor<T>?[] _passedOn;

    /// <summary>A run at its beginning: values are at their first predictions.</summary>
    /// <param name="graph">The graph that runs: levelled, and with its latent vertices marked.</param>
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
        var options = new VertexOptions(
            rule, Clock.Lockstep, loss, new Optimizers.Sgd(1), 1, rule.StepsOn(graph.Depth))
        {
            Reuses = false,
        };
        var values = graph.Vertices.Select(v => v.Initial).ToArray();
        foreach (var (place, vertex) in graph.DataLeaves.Where(v => !v.IsFree).Index())
            values[vertex.Id] = batch.Input(place, 0);
        foreach (var vertex in graph.DataLeaves) values[vertex.Id] ??= new Tensor<T>(vertex.Shape);
        _errorEdges = [.. graph.Vertices.Select(v => new EdgeIndex(
            graph.Consumers(v.Id).Where(graph.CarriesError).Select(e => e.Number)))];
        _states = new MicroBatchInference<T>?[graph.Vertices.Count];
        _passedOn = new Tensor<T>?[graph.Vertices.Count];
        foreach (var vertex in graph.Vertices.Where(v => v.Function is not null))
        {
            var state = new MicroBatchInference<T>(VertexDescription<T>.Of(graph, vertex.Id), options,
                _errorEdges[vertex.Id].Count);
            var inputs = graph.Inputs(vertex.Id);
            for (var slot = 0; slot < inputs.Count; slot++)
            {
                if (values[inputs[slot].From] is { } value) state.Arrivals.TakeInput(slot, value, 0);
            }
            state.Evaluation.Predict();
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

    /// <summary>d = x - mu(0), which with mu(0) is the value; of a direct vertex the value itself.</summary>
    public Tensor<T> Held(int vertex) =>
        _graph.Vertices[vertex].IsLatent ? _states[vertex]!.Displacement : _states[vertex]!.Value;

    /// <summary>eps, as it stood when the vertex last acted; of a direct vertex what it passes on.</summary>
    public Tensor<T> Error(int vertex) => PassesOn(vertex) ? _passedOn[vertex]! : _states[vertex]!.Error;

    /// <summary>One timestep; they are taken in order, from 0.</summary>
    /// <param name="time">t.</param>
    /// <param name="disturb">What happens between the values' movement and the predictions from
    /// them; null for nothing.</param>
    public void Advance(int time, Action? disturb = null)
    {
        var active = ActiveAt(time).ToList();
        if (time > 0)
        {
            foreach (var vertex in active.Where(v => v != _graph.RootId && _states[v]!.Moves))
                _states[vertex]!.Move(time);
        }
        disturb?.Invoke();
        var moved = !_rule.RestsBehindWave && (time > 0 || disturb is not null);
        foreach (var vertex in _graph.Vertices.Where(v => moved && _states[v.Id] is not null))
            _states[vertex.Id]!.Predict();
        foreach (var vertex in active.Where(v => !PassesOn(v) || _states[v]!.HasEnergy))
            _states[vertex]!.UpdateError(_loss, time, isLast: false);
        foreach (var vertex in Enumerable.Reverse(active))
        {
            if (PassesOn(vertex)) _passedOn[vertex] = _states[vertex]!.SumErrors();
            PullBack(vertex, time + 1);
        }
    }

    /// <summary>Adds to a vertex's value.</summary>
    /// <param name="vertex">The vertex.</param>
    /// <param name="amounts">One for each element.</param>
    public void Displace(int vertex, ReadOnlySpan<T> amounts) => _states[vertex]!.Displace(amounts);

    private bool PassesOn(int vertex) => vertex != _graph.RootId && !_rule.RestsBehindWave
        && (!_graph.Vertices[vertex].IsLatent || _rule.Sweeps);

    private void PullBack(int vertex, int time)
    {
        var inputs = _graph.Inputs(vertex);
        var state = _states[vertex]!;
        for (var slot = 0; slot < inputs.Count; slot++)
        {
            var edge = inputs[slot];
            if (_states[edge.From] is not { } receiver || !_graph.CarriesError(edge)) continue;
            receiver.Arrivals.TakeError(_errorEdges[edge.From].Find(edge.Number),
                state.Evaluation.PullBack(slot, Error(vertex)),
                time);
        }
    }
}
