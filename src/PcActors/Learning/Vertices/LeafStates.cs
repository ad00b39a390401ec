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
        if (!clamp.Value.Shape.Equals(Description.Shape))
            throw Violation($"was clamped to data of shape {clamp.Value.Shape}; {Description.Shape} is wanted");
        if (_values[clamp.MicroBatch] is not null) return true;
        _values[clamp.MicroBatch] = clamp.Value;
        SendValue(clamp.Value, clamp.MicroBatch, 0, outbox);
        return true;
    }

    private protected override void OnNewStep() => _values.AsSpan().Clear();

    private protected override IEnumerable<Tensor<T>> HeldValues() => _values.OfType<Tensor<T>>();
}

/// <summary>A parameter leaf: at a step's beginning it takes the update of the step before
/// over and sends its value; then it learns, once, from the errors that reach it at its time.</summary>
internal sealed class ParameterVertexState<T> : VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterState<T>? _learning;
    private readonly EdgeIndex _errorEdges;
    private readonly int _learningTime;
    private readonly bool _ignoresOtherTimes;
    private StepId _pending;
    private StepId _committed;

    public ParameterVertexState(VertexDescription<T> description, VertexOptions options)
        : base(description, options.MicroBatches)
    {
        var edges = description.Consumers.Where(c => c.CarriesError).Select(c => c.Edge).ToArray();
        _errorEdges = new EdgeIndex(edges);
        _learningTime = options.Rule.LearnsAtLevel ? description.Level : options.InferenceSteps + 1;
        _ignoresOtherTimes = !options.Rule.RestsBehindWave;
        if (description.RequiresError && edges.Length > 0)
            _learning = new ParameterState<T>(description.Start!, options.Optimizer, edges.Length,
                options.MicroBatches);
    }

    private Tensor<T> Value => _learning?.Value ?? Description.Start!.Value;

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case BeginStep begin:
                if (begin.Step <= Step) return true;
                if (begin.Commit is { } earlier) Commit(earlier);
                BelongsToStep(begin.Step);
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

    private protected override void OnNewStep() => _learning?.Begin();

    private protected override IEnumerable<Tensor<T>> HeldValues() => [Value];

    private void OnError(ErrorMessage<T> error, IOutbox<T> outbox)
    {
        if (error.Step < Step) return;
        if (error.Step > Step) throw Violation($"was sent an error of {error.Step.Name} before that had begun");
        CheckMicroBatch(error.MicroBatch);
        var edge = _errorEdges.Find(error.Edge);
        if (_learning is null || edge < 0)
            throw Violation($"was sent an error along edge {error.Edge}, from which it takes none");
        CheckShape(error.Error.Shape, Description.Shape, error.Edge);
        if (error.Time != _learningTime)
        {
            if (_ignoresOtherTimes) return;
            throw Violation($"was sent an error at time {error.Time}; its level is {_learningTime}");
        }
        if (!_learning.Accept(error.MicroBatch, edge, error.Error)) return;
        _pending = Step;
        outbox.Report(new UpdateReport(Step, Description.Id));
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
