using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex under lockstep: it runs inference one timestep at a time, as the coordinator allows.</summary>
/// <remarks>
/// At timestep t an active vertex first moves its value by the errors pulled back at t - 1 and sends the new value on; then,
/// when the values of its inputs at t are there, it predicts anew, and pulls its error at t back. Errors sent at t act at
/// t + 1. The waiting is for messages: an <see cref="Advance"/> alone does not tell that the neighbours' have arrived.
/// </remarks>
internal sealed class InferenceState<T> : VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MicroBatchInference<T>[] _micro;
    private readonly EdgeIndex _inputEdges;
    private readonly EdgeIndex _errorEdges;
    private readonly int[] _pullBackOrder;
    private readonly VertexOptions _options;
    private int _time;
    private bool _valuesSent;
    private bool _hasReported;

    public InferenceState(VertexDescription<T> description, VertexOptions options)
        : base(description, options.MicroBatches)
    {
        _options = options;
        _inputEdges = new EdgeIndex([.. description.Inputs.Select(i => i.Edge)]);
        _errorEdges = new EdgeIndex([.. description.Consumers.Where(c => c.CarriesError).Select(c => c.Edge)]);
        _pullBackOrder = WavefrontState<T>.PullBackOrder(description);
        _micro = new MicroBatchInference<T>[options.MicroBatches];
        for (var m = 0; m < _micro.Length; m++) _micro[m] = new MicroBatchInference<T>(description, options.Rule, _errorEdges.Count);
        ResetTime();
    }

    private bool Rests => _options.Rule.RestsBehindWave;

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case ValueMessage<T> value:
                if (BelongsToStep(value.Step)) OnValue(value, outbox);
                return true;
            case ErrorMessage<T> error:
                if (BelongsToStep(error.Step)) OnError(error, outbox);
                return true;
            case Advance advance:
                if (BelongsToStep(advance.Step)) OnAdvance(advance, outbox);
                return true;
            case ClampTarget<T> target when Description.IsRoot:
                if (!BelongsToStep(target.Step)) return true;
                CheckMicroBatch(target.MicroBatch);
                CheckTarget(target, _options.Loss);
                _micro[target.MicroBatch].Target ??= target;
                Conclude(target.MicroBatch, outbox);
                return true;
            case RequestPrediction request when Description.IsRoot:
                if (!BelongsToStep(request.Step)) return true;
                CheckMicroBatch(request.MicroBatch);
                _micro[request.MicroBatch].IsRequested = true;
                Conclude(request.MicroBatch, outbox);
                return true;
            default:
                return false;
        }
    }

    private protected override void OnNewStep()
    {
        ResetTime();
        foreach (var micro in _micro) micro.Reset();
    }

    private protected override IEnumerable<Tensor<T>> HeldValues() =>
        _micro.Where(m => m.IsInitialised).Select(m => m.InitialPrediction);

    private void ResetTime()
    {
        _time = -1;
        _valuesSent = false;
        _hasReported = true;
    }

    private void OnValue(ValueMessage<T> message, IOutbox<T> outbox)
    {
        var slot = _inputEdges.Find(message.Edge);
        if (slot < 0) throw Violation($"was sent a value along edge {message.Edge}, which is none of its inputs");
        CheckShape(message.Value.Shape, Description.Inputs[slot].Shape, message.Edge);
        if (message.Time < 0 || (message.Time > 0 && (Rests || !Description.Inputs[slot].Moves)))
            throw Violation($"was sent a value of time {message.Time} along edge {message.Edge}, where only time 0 has one");
        var all = message.MicroBatch == ValueMessage<T>.AllMicroBatches;
        if (!all) CheckMicroBatch(message.MicroBatch);
        for (var m = all ? 0 : message.MicroBatch; m <= (all ? _micro.Length - 1 : message.MicroBatch); m++)
        {
            if (!_micro[m].TakeInput(slot, message.Value, message.Time) || message.Time > 0) continue;
            if (!_micro[m].HasAllInputs(0)) continue;
            Initialise(m, outbox);
        }
        if (message.Time > 0) Proceed(outbox);
    }

    /// <summary>The forward initialisation: x = mu, or beside it where condition C1 is left out.</summary>
    private void Initialise(int microBatch, IOutbox<T> outbox)
    {
        var micro = _micro[microBatch];
        micro.Evaluation.Draw(_options.Seed, Step, microBatch);
        micro.Initialise(_options.Rule.DrawsAtRandom ? Noise(microBatch) : null);
        // Inference moves each micro-batch's value on its own, so from here on none is shared; but a value that no data
        // leads to starts as one, and is sent so.
        if (Description.DependsOnData) SendValue(micro.Value, microBatch, 0, outbox);
        else if (microBatch == 0) SendValue(micro.Value, ValueMessage<T>.AllMicroBatches, 0, outbox);
        if (Description.IsRoot) Conclude(microBatch, outbox);
    }

    private void Conclude(int microBatch, IOutbox<T> outbox)
    {
        var micro = _micro[microBatch];
        if (!micro.IsInitialised || micro.IsConcluded) return;
        if (micro.IsRequested)
        {
            micro.IsConcluded = true;
            outbox.Report(new PredictionReport<T>(Step, microBatch, micro.InitialPrediction.Clone()));
        }
        else if (micro.Target is { } target)
        {
            micro.IsConcluded = true;
            outbox.Report(new LossReport(Step, microBatch, micro.RootError(_options.Loss, target)));
            outbox.Report(new ForwardReport(Step, microBatch));
        }
    }

    private void OnError(ErrorMessage<T> message, IOutbox<T> outbox)
    {
        CheckMicroBatch(message.MicroBatch);
        var place = _errorEdges.Find(message.Edge);
        if (place < 0) throw Violation($"was sent an error along edge {message.Edge}, from which it takes none");
        CheckShape(message.Error.Shape, Description.Shape, message.Edge);
        if (Rests && message.Time != Description.Level)
            throw Violation($"was sent an error at time {message.Time}; its level is {Description.Level}");
        if (!_micro[message.MicroBatch].IsInitialised) throw Violation("was sent an error before it had predicted");
        _micro[message.MicroBatch].TakeError(place, message.Error, message.Time);
        Proceed(outbox);
    }

    private void OnAdvance(Advance message, IOutbox<T> outbox)
    {
        if (message.Time <= _time) return;
        if (!_hasReported) throw Violation($"was told to advance to time {message.Time} before it had done its part of time {_time}");
        if (Rests && message.Time != Description.Level)
            throw Violation($"was told to advance to time {message.Time}; it acts at its level, {Description.Level}");
        _time = message.Time;
        _hasReported = _valuesSent = false;
        Proceed(outbox);
    }

    /// <summary>Does as much of the current timestep as the messages that are there allow.</summary>
    private void Proceed(IOutbox<T> outbox)
    {
        if (_hasReported) return;
        if (!_valuesSent)
        {
            var moves = _time > 0 && !Description.IsRoot;
            if (moves && !Array.TrueForAll(_micro, m => m.HasAllErrors(_time))) return;
            for (var m = 0; moves && m < _micro.Length; m++)
            {
                _micro[m].Move(_time);
                if (!Rests) SendValue(_micro[m].Value, m, _time, outbox);
            }
            _valuesSent = true;
        }
        var inputTime = Rests ? 0 : _time;
        if (!Array.TrueForAll(_micro, m => m.HasAllInputs(inputTime))) return;
        for (var m = 0; m < _micro.Length; m++)
        {
            var error = _micro[m].UpdateError(_options.Loss, inputsMoved: !Rests && _time > 0);
            foreach (var slot in _pullBackOrder)
                SendError(slot, _micro[m].Evaluation.PullBack(slot, error), m, _time + 1, outbox);
        }
        _hasReported = true;
        outbox.Report(new AdvanceReport(Step, _time, Description.Id));
    }

    /// <summary>What a step, a micro-batch and a vertex draw: the same at every attempt. A value that no data leads to is sent once for
    /// all micro-batches, so its noise is one for all, too.</summary>
    private SeededRandom Noise(int microBatch) => new(
        _options.Seed, $"initial value of {Description.Name}", ((ulong)Step.Step << 24) ^ (ulong)(Description.DependsOnData ? microBatch : 0));
}
