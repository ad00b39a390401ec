using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
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
    private readonly int _edges;
    private readonly PullBack<T>?[] _contributions;
    private readonly Tensor<T> _initial;
    private Tensor<T>? _next;
    private Tensor<T>[] _state;
    private Tensor<T>[] _nextState;
    private Tensor<T>? _gradient;
    private Tensor<T>? _microGradient;
    private int _folded;
    private long _updates;

    /// <summary>A parameter that learns.</summary>
    /// <param name="start">What it begins with; its tensors are only read.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="edges">Consumers whose errors come back.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    public ParameterState(ParameterSnapshot<T> start, Optimizer optimizer, int edges, int microBatches)
    {
        (_optimizer, _edges) = (optimizer, edges);
        Value = _initial = start.Value;
        _updates = start.Updates;
        _state = NewState(Value.Shape);
        for (var i = 0; i < start.OptimizerState.Count; i++) start.OptimizerState[i].Span.CopyTo(_state[i].Writable);
        _nextState = NewState(Value.Shape);
        _contributions = new PullBack<T>?[edges * microBatches];
    }

    /// <summary>The committed value.</summary>
    public Tensor<T> Value { get; private set; }

    /// <summary>Whether all contributions of the step have arrived and the update is computed.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Forgets the contributions and the uncommitted update of an earlier step.</summary>
    public void Begin()
    {
        _contributions.AsSpan().Clear();
        _folded = 0;
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
        IsReady = true;
        return true;
    }

    /// <summary>Takes the update over. Without one it does nothing.</summary>
    public void Commit()
    {
        if (!IsReady) return;
        IsReady = false;
        _updates++;
        // The initial value belongs to the graph.
        (Value, _next) = (_next!, Value == _initial ? null : Value);
        (_state, _nextState) = (_nextState, _state);
    }

    /// <summary>A copy of what the next step starts from: after the update that waits for its
    /// commit, if there is one.</summary>
    public ParameterSnapshot<T> Snapshot() => IsReady
        ? new(_next!.Clone(), _updates + 1, Array.ConvertAll(_nextState, t => t.Clone()))
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
        if (part != sum && edge == _edges - 1) Arithmetic.AddTo<T>(part.Span, sum.Writable);
    }

    private void ComputeUpdate()
    {
        var gradient = _gradient;
        _next ??= new Tensor<T>(Value.Shape);
        if (_contributions is [{ } only])
        {
            if (only.Factors is { } factors && _optimizer.PlainRate is { } rate)
            {
                factors.UpdateTo(Value, T.CreateChecked(rate), _next);
                return;
            }
            gradient = only.Whole;
            if (gradient is null) only.WriteTo(gradient = _gradient ??= new Tensor<T>(Value.Shape));
        }
        _optimizer.Update(_updates + 1, Value.Span, gradient!.Span, _next.Writable, _state, _nextState);
    }

    private Tensor<T>[] NewState(Shape shape)
    {
        var state = new Tensor<T>[_optimizer.StateTensors];
        for (var i = 0; i < state.Length; i++) state[i] = new Tensor<T>(shape);
        return state;
    }
}

/// <summary>All that a parameter goes on from between two steps.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Updates">Updates that it has made.</param>
/// <param name="OptimizerState">The optimizer's tensors, of the value's shape; none before the first update, or
/// when it does not learn.</param>
public sealed record ParameterSnapshot<T>(Tensor<T> Value, long Updates, IReadOnlyList<Tensor<T>> OptimizerState)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of all its tensors.</summary>
    public long Bytes => (long)Value.Length * Unsafe.SizeOf<T>() * (1 + OptimizerState.Count);
}
