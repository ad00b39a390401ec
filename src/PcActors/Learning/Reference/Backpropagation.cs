using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Learning.Reference;

/// <summary>The sequential reference: reverse-mode differentiation of the original graph, on one
/// thread, without actors.</summary>
/// <remarks>Forward in topological order, then back in reverse; delta_i = sum over consumers
/// j of (dmu_j / dx_i)^T delta_j, summed in the canonical order. Parameters learn through the same
/// code as under Z-IL.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Backpropagation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly Loss _loss;
    private readonly int _microBatches;
    private readonly VertexDescription<T>[] _vertices;
    private readonly Tensor<T>?[] _values;
    private readonly Evaluation<T>?[] _evaluations;
    private readonly Tensor<T>?[] _errorBuffers;
    private readonly BufferPool<T> _buffers = new();
    private readonly PullBack<T>?[][] _errors;
    private readonly ParameterState<T>?[] _parameters;
    private readonly EdgeIndex[] _errorEdges;
    private readonly SlotOrder[] _pullBackOrder;
    // By slot: the input, and the place of a pull-back among those that come to it.
    private readonly (int Vertex, int Place)[][] _inputs;
    private readonly ulong _seed;
    private StepId _current;
    private int _atHand;

    /// <summary>A reference for a graph, which need not be levelled.</summary>
    /// <param name="graph">Shapes are those of one micro-batch.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="optimizer">How parameters learn.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="restored">What parameters go on from in place of their initial values, by name.</param>
    /// <param name="seed">Decides what functions draw.</param>
    /// <param name="step">Training steps made before.</param>
    /// <param name="schedule">How the learning rate changes; null when it stays.</param>
    /// <exception cref="GraphException">The graph has a cycle.</exception>
    public Backpropagation(
        Graph<T> graph, Loss loss, Optimizer optimizer, int microBatches = 1,
        IReadOnlyDictionary<string, ParameterSnapshot<T>>? restored = null, ulong seed = 0, long step = 0,
        Schedule? schedule = null)
    {
        GraphValidation.RequireAcyclic(graph, "backpropagation", "il, ipc and other rules that infer take one");
        (_graph, _loss, _microBatches, _seed, _current) = (graph, loss, microBatches, seed, new StepId(1, step));
        var count = graph.Vertices.Count;
        _vertices = [
            .. Enumerable.Range(0, count)
                .Select(
                    id => VertexDescription<T>.Of(graph, id, restored?.GetValueOrDefault(graph.Vertices[id].Name)))];
        _errorEdges = Array.ConvertAll(_vertices, v => v.ErrorEdges());
        _errors = Array.ConvertAll(_errorEdges, e => new PullBack<T>?[e.Count]);
        _evaluations = Array.ConvertAll(_vertices,
            v => v.Function is null ? null : new Evaluation<T>(v, factors: true, _buffers));
        _pullBackOrder = Array.ConvertAll(_vertices, v => v.PullBackOrder());
        _inputs = [.. Enumerable.Range(0, count).Select(id => graph.Inputs(id)
            .Select(e => (e.From, _errorEdges[e.From].Find(e.Number))).ToArray())];
        _parameters = Array.ConvertAll(_vertices, v => v is { Kind: VertexKind.Parameter, RequiresError: true }
            ? new ParameterState<T>(v.Start!, optimizer, _errorEdges[v.Id].Count, microBatches,
                schedule ?? Schedule.Constant, v.Running)
            : null);
        _values = new Tensor<T>?[count];
        _errorBuffers = new Tensor<T>?[count];
    }

    /// <summary>The vertex whose turn it is, or was when something was thrown.</summary>
    internal string AtHand => _vertices[_atHand].Name;

    /// <summary>One step: forward, back, update. Without the update, when the loss is not finite.</summary>
    /// <returns>The loss before the update.</returns>
    public double Step(Batch<T> batch)
    {
        _current = new StepId(1, _current.Step + 1);
        foreach (var parameter in _parameters) parameter?.Begin(_current.Step, batch.Size);
        var loss = 0.0;
        for (var micro = 0; micro < _microBatches; micro++)
        {
            Forward(batch, micro, alsoStatic: micro == 0);
            loss += Back(batch, micro);
        }
        if (!double.IsFinite(loss)) return loss;
        foreach (var parameter in _parameters) parameter?.Commit();
        return loss;
    }

    /// <summary>The first vertex, in topological order, that holds a NaN or an infinity in any micro-batch of a step;
    /// null when none does.</summary>
    internal string? FirstNotFinite(Batch<T> batch)
    {
        var first = _vertices.Length;
        for (var micro = 0; micro < _microBatches; micro++)
        {
            Forward(batch, micro, alsoStatic: micro == 0);
            first = Math.Min(first,
                Array.FindIndex(_values, 0, first, v => v is { IsFinite: false }) is >= 0 and var found
                    ? found
                    : first);
        }
        return first < _vertices.Length ? _vertices[first].Name : null;
    }

    /// <summary>The root's prediction for one micro-batch; valid until the next call.</summary>
    public Tensor<T> Predict(Batch<T> batch, int microBatch)
    {
        _current = _current with { Prediction = _current.Prediction + 1 };
        Forward(batch, microBatch, alsoStatic: true);
        return _values[_graph.RootId]!;
    }

    /// <summary>A parameter's value.</summary>
    public Tensor<T> Parameter(int vertex) => _parameters[vertex]?.Value ?? _vertices[vertex].Start!.Value;

    /// <summary>A copy of what a parameter goes on from.</summary>
    public ParameterSnapshot<T> Snapshot(int vertex) =>
        _parameters[vertex]?.Snapshot() ?? new(Parameter(vertex).Clone(), 0, []);

    /// <summary>The value that a vertex got in the last forward pass, or null before one.</summary>
    public Tensor<T>? Value(int vertex) => _values[vertex];

    /// <summary>Predicts every vertex; what no data leads to, which is the same in every micro-batch,
    /// only when asked to.</summary>
    private void Forward(Batch<T> batch, int microBatch, bool alsoStatic)
    {
        for (var place = 0; place < batch.Clamped.Count; place++)
            _values[batch.Clamped[place]] = batch.Input(place, microBatch);
        foreach (var vertex in _vertices)
        {
            _atHand = vertex.Id;
            // What a batch has no data for, a free leaf, is where inference would begin with it.
            if (vertex.Kind == VertexKind.Data) _values[vertex.Id] ??= new Tensor<T>(vertex.Shape);
            if (vertex.Kind == VertexKind.Parameter) _values[vertex.Id] = Parameter(vertex.Id);
            if (_evaluations[vertex.Id] is not { } evaluation) continue;
            if (!alsoStatic && !vertex.DependsOnData) continue;
            var inputs = _inputs[vertex.Id];
            for (var slot = 0; slot < inputs.Length; slot++) evaluation.Inputs[slot] = _values[inputs[slot].Vertex]!;
            evaluation.Draw(_seed, _current, microBatch);
            _values[vertex.Id] = evaluation.Predict();
        }
    }

    private double Back(Batch<T> batch, int microBatch)
    {
        var root = _atHand = _graph.RootId;
        var shape = _vertices[root].Shape;
        var rootError = _buffers.Rent(shape) ?? (_errorBuffers[root] ??= new Tensor<T>(shape));
        var target = batch.TargetOf(microBatch);
        var losses = new double[target.Shape[0]];
        _loss.Evaluate(_values[root]!, target, losses, rootError);
        for (var id = _vertices.Length - 1; id >= 0; id--)
        {
            if (_evaluations[id] is not { } evaluation || !_vertices[id].RequiresError) continue;
            var error = id == root ? rootError : Sum(id);
            foreach (var slot in _pullBackOrder[id])
            {
                var (input, place) = _inputs[id][slot];
                _atHand = id;
                var pullBack = evaluation.PullBack(slot, error);
                _atHand = input;
                if (_parameters[input] is { } parameter) parameter.Accept(microBatch, place, pullBack);
                else _errors[input][place] = pullBack;
            }
            error.Release();
        }
        return losses.Sum() / batch.Size;
    }

    private Tensor<T> Sum(int vertex) =>
        ErrorSum.Take(_errors[vertex], _vertices[vertex].Shape, _buffers, ref _errorBuffers[vertex]);
}
