using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Learning.Vertices;

/// <summary>A parameter's value, the sum of the errors that reach it in a step, and the update that
/// waits for its commit.</summary>
/// <remarks>Contributions are summed in canonical order, whatever the order of arrival: over
/// consumers for each micro-batch, then over micro-batches. Two buffers: an update is written into the other one, and a
/// commit swaps them. Each is made when it is first written to, so that one step of a large network needs one beside
/// the initial value. The sequential reference and the vertices call this same code.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ParameterState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer _optimizer;
    private readonly Schedule _schedule;
    private readonly RunningStatistic? _running;
    private readonly int _edges;
    private readonly PullBack<T>?[] _contributions;
    private readonly Tensor<T> _initial;
    private Tensor<T>? _next;
    private Tensor<T>? _spare;
    private Tensor<T>[] _state;
    private Tensor<T>[] _nextState;
    private Tensor<T>? _gradient;
    private Tensor<T>? _microGradient;
    private readonly int _statistics;
    private int _folded;
    private int _batchSize = 1;
    private long _updates;
    private long _pendingUpdates;
    private Tensor<T>[] _working;
    private Tensor<T>[]? _spareState;
    private double _rate;

    /// <summary>A parameter that learns.</summary>
    /// <param name="start">What it begins with; its tensors are only read.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="edges">Consumers whose errors come back.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="schedule">How the learning rate changes from step to step.</param>
    /// <param name="running">What moves it in the optimizer's place, if it is a running statistic.</param>
    public ParameterState(
        ParameterSnapshot<T> start, Optimizer optimizer, int edges, int microBatches, Schedule schedule,
        RunningStatistic? running = null)
    {
        (_optimizer, _edges, _schedule, _running) = (optimizer, edges, schedule, running);
        _statistics = microBatches * (running?.Sources ?? 0);
        Value = _initial = start.Value;
        _updates = start.Updates;
        _state = NewState(Value.Shape);
        for (var i = 0; i < start.OptimizerState.Count; i++) start.OptimizerState[i].Span.CopyTo(_state[i].Writable);
        _nextState = NewState(Value.Shape);
        (Working, _working) = (Value, _state);
        _contributions = new PullBack<T>?[edges * microBatches];
    }

    /// <summary>The committed value.</summary>
    public Tensor<T> Value { get; private set; }

    /// <summary>What the step at hand goes on from: the committed value, or where it
    /// learns at every timestep that after the last one.</summary>
    public Tensor<T> Working { get; private set; }

    /// <summary>Whether all contributions of the step have arrived and the update is computed.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Forgets the contributions and the uncommitted update of an earlier step.</summary>
    /// <param name="step">The number of the training step that begins, which is the run's.</param>
    /// <param name="batchSize">Samples of the batch, whose mean error it learns from.</param>
    public void Begin(long step, int batchSize)
    {
        _rate = _optimizer.LearningRate * _schedule.FactorAt(step);
        (_batchSize, _pendingUpdates) = (batchSize, 0);
        (Working, _working) = (Value, _state);
        Forget();
        IsReady = false;
    }

    /// <summary>Takes one contribution; the last one computes the update.</summary>
    /// <param name="microBatch">From 0.</param>
    /// <param name="edge">Place of the consumer in canonical order, among those whose errors come back.</param>
    /// <param name="error">The consumer's pull-back.</param>
    /// <returns>Whether the update is computed now; false too for a duplicate, which is ignored.</returns>
    public bool Accept(int microBatch, int edge, PullBack<T> error)
    {
        ref var place = ref _contributions[(microBatch * _edges) + edge];
        if (place is not null) return false;
        place = error;
        for (; _folded < _contributions.Length && _contributions[_folded] is { } next; _folded++) Fold(_folded, next);
        if (_folded < _contributions.Length) return false;
        ComputeUpdate();
        if (_contributions is [{ } only]) only.Release();
        IsReady = true;
        return true;
    }

    /// <summary>Goes on to the next timestep, from the value that has been computed. The committed one stays as it
    /// is.</summary>
    public void Continue()
    {
        var (value, state) = (_next!, _nextState);
        // The value before is still being read; the one before that is not, unless it is the committed one.
        (_next, _nextState) = Working == Value
            ? (_spare, _spareState ?? NewState(Value.Shape))
            : (Working, _working);
        (_spare, _spareState) = (null, null);
        (Working, _working) = (value, state);
        Forget();
    }

    /// <summary>Takes the update over. Without one it does nothing.</summary>
    public void Commit()
    {
        if (!IsReady) return;
        IsReady = false;
        _updates += _pendingUpdates;
        if (Working != Value)
        {
            // It has learnt at every timestep: the buffer that would be written next is spare.
            (_spare, _spareState) = (_next, _nextState);
            (_next, _nextState) = (Working, _working);
        }
        // The initial value belongs to the graph.
        (Value, _next) = (_next!, Value == _initial ? null : Value);
        (_state, _nextState) = (_nextState, _state);
        (Working, _working) = (Value, _state);
    }

    private void Forget()
    {
        // Of an attempt that was given up; those that have been summed are released.
        foreach (var error in _contributions.AsSpan(_folded)) error?.Release();
        _contributions.AsSpan().Clear();
        _folded = 0;
    }

    /// <summary>A copy of what the next step starts from: after the update that waits for its
    /// commit, if there is one.</summary>
    public ParameterSnapshot<T> Snapshot() => IsReady
        ? Working != Value
            ? new(Working.Clone(), _updates + _pendingUpdates, Array.ConvertAll(_working, t => t.Clone()))
            : new(_next!.Clone(), _updates + _pendingUpdates, Array.ConvertAll(_nextState, t => t.Clone()))
        : new(Value.Clone(), _updates, Array.ConvertAll(_state, t => t.Clone()));

    /// <summary>Adds the next contribution in canonical order, as soon as it and all before it are there.</summary>
    private void Fold(int place, PullBack<T> error)
    {
        if (_contributions.Length == 1) return; // It is used as it came.
        var (micro, edge) = Math.DivRem(place, _edges);
        var sum = _gradient ??= new Tensor<T>(Value.Shape);
        var part = micro == 0 || _edges == 1 ? sum : _microGradient ??= new Tensor<T>(Value.Shape);
        if (edge == 0 && (micro == 0 || _edges > 1)) error.WriteTo(part);
        else error.AddTo(part);
        error.Release();
        if (part != sum && edge == _edges - 1) Arithmetic.AddTo<T>(part.Span, sum.Writable);
    }

    private void ComputeUpdate()
    {
        var gradient = _gradient;
        _next ??= new Tensor<T>(Value.Shape);
        _pendingUpdates++;
        if (_running is { } running)
        {
            if (_contributions is [{ } one]) one.WriteTo(gradient = _gradient ??= new Tensor<T>(Value.Shape));
            // From the committed value: it moves once a step, however often parameters learn in it.
            running.Move(Value.Span, gradient!.Span, _statistics, _next.Writable);
            return;
        }
        if (_contributions is [{ } only])
        {
            if (only.Factors is { } factors && _optimizer.IsPlain)
            {
                factors.UpdateTo(Working, Optimizer.PlainStep<T>(_rate, _batchSize), _next);
                return;
            }
            gradient = only.Whole;
            if (gradient is null) only.WriteTo(gradient = _gradient ??= new Tensor<T>(Value.Shape));
        }
        _optimizer.UpdateOnThreads(
            _updates + _pendingUpdates, _rate, Working, gradient!, _batchSize, _next, _working, _nextState);
    }

    private Tensor<T>[] NewState(Shape shape)
    {
        var state = _optimizer.StateTensors == 0 ? [] : new Tensor<T>[_optimizer.StateTensors];
        for (var i = 0; i < state.Length; i++) state[i] = new Tensor<T>(shape);
        return state;
    }
}
