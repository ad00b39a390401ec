using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A data leaf: it sends on what it is clamped to.</summary>
internal sealed class DataState<T>(VertexDescription<T> description, VertexOptions options)
    : VertexState<T>(description, options.MicroBatches)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>?[] _values = new Tensor<T>?[options.MicroBatches];

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        if (message is not ClampData<T> clamp) return false;
        if (!BelongsToStep(clamp.Step)) return true;
        CheckMicroBatch(clamp.MicroBatch);
        if (clamp.Value is not { } value || clamp.Mask is not null)
            throw Violation("was clamped to nothing, or in part; it is no free leaf");
        if (!value.Shape.Equals(Description.Shape))
            throw Violation($"was clamped to data of shape {value.Shape}; {Description.Shape} is wanted");
        if (_values[clamp.MicroBatch] is not null) return true;
        _values[clamp.MicroBatch] = value;
        SendValue(value, clamp.MicroBatch, 0, outbox);
        return true;
    }

    private protected override void OnNewStep() => _values.AsSpan().Clear();

    private protected override IEnumerable<Tensor<T>> HeldValues() => _values.OfType<Tensor<T>>();

    private protected override IReadOnlyList<Tensor<T>>? ValuesByMicroBatch() =>
        Array.TrueForAll(_values, v => v is not null) ? _values.OfType<Tensor<T>>().ToArray() : null;
}

/// <summary>A parameter leaf: at a step's beginning it takes the update of the step before
/// over and sends its value; then it learns, once, from the errors that reach it at its time.</summary>
internal sealed class ParameterVertexState<T> : VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterState<T>? _learning;
    private readonly EdgeIndex _errorEdges;
    private readonly LearningRule _rule;
    private readonly int _timesteps;
    private int _time;
    private int _learnt;
    private StepId _pending;
    private StepId _committed;

    public ParameterVertexState(VertexDescription<T> description, VertexOptions options)
        : base(description, options.MicroBatches)
    {
        _errorEdges = description.ErrorEdges();
        (_rule, _timesteps) = (options.Rule, options.InferenceSteps);
        if (description.RequiresError && _errorEdges.Count > 0)
            _learning = new ParameterState<T>(description.Start!, options.Optimizer, _errorEdges.Count,
                options.MicroBatches, options.Schedule, description.Running);
    }

    private Tensor<T> Value => _learning?.Value ?? Description.Start!.Value;

    private bool LearnsOnce => !_rule.LearnsEveryTimestep;

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case BeginStep begin:
                if (begin.Step <= Step) return true;
                if (begin.Commit is { } earlier) Commit(earlier);
                if (begin.BatchSize < 1)
                    throw Violation($"was told to begin with a batch of {begin.BatchSize} samples");
                BelongsToStep(begin.Step);
                _learning?.Begin(begin.Step.Step, begin.BatchSize);
                SendValue(Value, ValueMessage<T>.AllMicroBatches, 0, outbox);
                return true;
            case ErrorMessage<T> error:
                OnError(error, outbox);
                return true;
            case RequestParameter request:
                if (request.Commit is { } completed) Commit(completed);
                outbox.Report(new ParameterReport<T>(request.Inquiry, Description.Id, Value.Clone()));
                return true;
            case RequestSnapshot request:
                outbox.Report(
                    new SnapshotReport<T>(request.Inquiry, Description.Id,
                        _learning?.Snapshot() ?? new(Value.Clone(), 0, [])));
                return true;
            default:
                return false;
        }
    }

    // What it learns from begins with the message that says how many samples there are.
    private protected override void OnNewStep() => (_time, _learnt) = (0, 0);

    private protected override IEnumerable<Tensor<T>> HeldValues() => [Value];

    private protected override IReadOnlyList<Tensor<T>>? ValuesByMicroBatch() => [Value];

    private void OnError(ErrorMessage<T> error, IOutbox<T> outbox)
    {
        if (error.Step < Step) return;
        if (error.Step > Step) throw Violation($"was sent an error of {error.Step.Name} before that had begun");
        CheckMicroBatch(error.MicroBatch);
        var edge = _errorEdges.Find(error.Edge);
        if (_learning is null || edge < 0)
            throw Violation($"was sent an error along edge {error.Edge}, from which it takes none");
        CheckShape(error.Error.Shape, Description.Shape, error.Edge);
        if (!IsTime(error.Time) || !_learning.Accept(error.MicroBatch, edge, error.Error)) return;
        _pending = Step;
        outbox.Report(new UpdateReport(Step, Description.Id, error.Time));
        if (LearnsOnce) return;
        // The next timestep begins from the value as it is now.
        _learning.Continue();
        if (++_learnt < _timesteps) SendValue(_learning.Working, ValueMessage<T>.AllMicroBatches, _time, outbox);
        _time++;
    }

    /// <summary>Whether it learns from errors of a time: at its level; once, whenever inference has ended; or at every
    /// timestep in turn.</summary>
    private bool IsTime(int time)
    {
        if (_rule.LearnsAtLevel)
        {
            if (time == Description.Level) return true;
            // Vertices that do not rest send errors of other times, too.
            return _rule.RestsBehindWave
                ? throw Violation($"was sent an error at time {time}; its level is {Description.Level}")
                : false;
        }
        // Where there are cycles, sweeps of forward initialisation come before.
        if (_time == 0 && time > 0) _time = time;
        if (time > _time || time < 1 || (LearnsOnce && time != _time))
            throw Violation($"was sent an error at time {time}; it learns at time {_time}");
        return time == _time;
    }

    private void Commit(StepId step)
    {
        // A question that is late may name an earlier step.
        if (_learning is null || step <= _committed) return;
        if (!_learning.IsReady || step != _pending)
            throw Violation($"was told to take over the update of {step.Name}, which it does not have");
        _learning.Commit();
        _committed = step;
    }
}
