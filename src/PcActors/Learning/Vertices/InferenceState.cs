using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex under lockstep: it runs inference one timestep at a time, as the
/// coordinator allows.</summary>
/// <remarks>
/// At timestep t an active vertex first moves its value by the errors pulled back at t - 1 and
/// sends the new value on; then, when the values of its inputs at t are there, it predicts anew, and pulls its error at
/// t back. Errors sent at t act at t + 1. The waiting is for messages: an <see cref="Advance"/> alone does not tell
/// that the neighbours' have arrived.
/// </remarks>
internal sealed class InferenceState<T> : FunctionState<T, MicroBatchInference<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _time;
    private bool _valuesSent;
    private bool _hasReported;

    public InferenceState(VertexDescription<T> description, VertexOptions options)
        : base(description, options, (vertex, errors) => new MicroBatchInference<T>(vertex, options.Rule, errors)) =>
        ResetTime();

    private bool Rests => Options.Rule.RestsBehindWave;

    private protected override bool TakesErrorsAtAnyTime => !Rests;

    private protected override bool Admits(InputEdge input, int time) => !Rests && input.Moves;

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        if (message is not Advance advance) return base.Handle(message, outbox);
        if (BelongsToStep(advance.Step)) OnAdvance(advance, outbox);
        return true;
    }

    private protected override void OnNewStep()
    {
        ResetTime();
        base.OnNewStep();
    }

    private void ResetTime()
    {
        _time = -1;
        _valuesSent = false;
        _hasReported = true;
    }

    private protected override void TakeInput(int microBatch, int slot, ValueMessage<T> message, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        if (micro.TakeInput(slot, message.Value, message.Time) && message.Time == 0 && micro.HasAllInputs(0))
            Initialise(microBatch, outbox);
        if (message.Time > 0) Proceed(outbox);
    }

    /// <summary>The forward initialisation: x = mu, or beside it where condition C1 is left out.</summary>
    private void Initialise(int microBatch, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        micro.Evaluation.Draw(Options.Seed, Step, microBatch);
        micro.Initialise(Options.Rule.DrawsAtRandom ? Noise(microBatch) : null);
        // Inference moves each micro-batch's value on its own, so from here on none is shared; but a value that no data
        // leads to starts as one, and is sent so.
        SendInitialValue(micro.Value, microBatch, outbox);
        Predicted(microBatch, outbox);
    }

    private protected override void OnTarget(int microBatch, ClampTarget<T> target, IOutbox<T> outbox)
    {
        outbox.Report(new LossReport(Step, microBatch, Micro[microBatch].RootError(Options.Loss, target)));
        outbox.Report(new ForwardReport(Step, microBatch));
    }

    private protected override void TakeError(MicroBatchInference<T> micro, int place, ErrorMessage<T> message,
        IOutbox<T> outbox)
    {
        micro.TakeError(place, message.Error, message.Time);
        Proceed(outbox);
    }

    private void OnAdvance(Advance message, IOutbox<T> outbox)
    {
        if (message.Time <= _time) return;
        if (!_hasReported)
            throw Violation($"was told to advance to time {message.Time} before it had done its part of time {_time}");
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
            if (moves && !Array.TrueForAll(Micro, m => m.HasAllErrors(_time))) return;
            for (var m = 0; moves && m < Micro.Length; m++)
            {
                Micro[m].Move(_time);
                if (!Rests) SendValue(Micro[m].Value, m, _time, outbox);
            }
            _valuesSent = true;
        }
        var inputTime = Rests ? 0 : _time;
        if (!Array.TrueForAll(Micro, m => m.HasAllInputs(inputTime))) return;
        for (var m = 0; m < Micro.Length; m++)
            SendPullBacks(m, Micro[m].UpdateError(Options.Loss, inputsMoved: !Rests && _time > 0), _time + 1, outbox);
        _hasReported = true;
        outbox.Report(new AdvanceReport(Step, _time, Description.Id));
    }

    /// <summary>What a step, a micro-batch and a vertex draw: the same at every attempt. A value that no
    /// data leads to is sent once for all micro-batches, so its noise is one for all, too.</summary>
    private SeededRandom Noise(int microBatch) => new(
        Options.Seed, $"initial value of {Description.Name}",
        ((ulong)Step.Step << 24) ^ (ulong)(Description.DependsOnData ? microBatch : 0));
}
