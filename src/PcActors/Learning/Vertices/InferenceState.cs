using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex, or a free leaf, under lockstep: it runs inference one timestep at a time, as the
/// coordinator allows.</summary>
/// <remarks>
/// At timestep t a vertex that holds a value first moves it by the errors pulled back at t - 1 and sends the new value
/// on; when the values of its inputs at t are there, it predicts anew, and pulls its error at t back. Errors sent at t
/// act at t + 1. A direct vertex sends its prediction on when it has it, and passes on
/// what its consumers pull back when that is complete, all within the timestep; so does every vertex under a rule that
/// sweeps. The waiting is for messages: an <see cref="Advance"/> alone does not tell that the neighbours' have arrived.
/// Nobody writes over a buffer before all have reported the timestep.
/// </remarks>
internal sealed partial class InferenceState<T> : FunctionState<T, MicroBatchInference<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _hasOwnError;
    private readonly bool _inputsMove;
    private readonly bool _inputsLearn;
    private readonly bool _isClampedInTraining;
    private int _time;
    private int _inferenceTime;
    private TimestepPurpose _purpose;
    private TimestepPurpose _before;
    private bool _hasReported;

    public InferenceState(VertexDescription<T> description, VertexOptions options)
        : base(
            description, options, (vertex, errors) => new MicroBatchInference<T>(vertex, options, errors))
    {
        _hasOwnError = Rests || description.IsRoot || description.IsLatent || description.IsFree;
        (_inputsMove, _inputsLearn) = (Micro[0].Arrivals.InputsMove, Micro[0].Arrivals.InputsLearn);
        _isClampedInTraining = description.IsLatent && options.Clamped.Contains(description.Name);
        ResetTime();
    }

    /// <summary>eps of each micro-batch as it last acted, where the vertex has an error of its own.</summary>
    public IEnumerable<Tensor<T>> Errors => _hasOwnError ? Micro.Select(m => m.Error) : [];

    private bool Rests => Options.Rule.RestsBehindWave;

    // Whether micro-batches have values of their own once inference has begun.
    private bool Varies => Description.DependsOnData || Description.Moves;

    // Whether somebody says what the value is clamped to, and be it to nothing: before that it does not begin.
    private bool AwaitsClamp => Description.IsFree
        || (Description.IsLatent && (Step.Infers || (_isClampedInTraining && !Step.IsPrediction)));

    private protected override bool TakesErrorsAtAnyTime => !Rests;

    private protected override bool Admits(InputEdge input, int time) =>
        !Rests && (input.Moves || (Options.Rule.LearnsEveryTimestep && input.Learns));

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case Advance advance:
                if (BelongsToStep(advance.Step)) OnAdvance(advance, outbox);
                return true;
            case ClampData<T> clamp when Description.IsFree || Description.IsLatent:
                if (BelongsToStep(clamp.Step)) OnClamp(clamp, outbox);
                return true;
            default:
                return base.Handle(message, outbox);
        }
    }

    private protected override void OnNewStep()
    {
        ResetTime();
        base.OnNewStep();
    }

    private protected override IEnumerable<Tensor<T>> HeldValues() =>
        Micro.Where(m => m.IsPredicted).Select(m => m.Value);

    private void ResetTime()
    {
        (_time, _inferenceTime) = (-1, 0);
        _purpose = _before = TimestepPurpose.None;
        _hasReported = true;
    }

    private void OnClamp(ClampData<T> clamp, IOutbox<T> outbox)
    {
        CheckMicroBatch(clamp.MicroBatch);
        foreach (var tensor in new[] { clamp.Value, clamp.Mask })
        {
            if (tensor is not null && !tensor.Shape.Equals(Description.Shape))
                throw Violation($"was clamped to data of shape {tensor.Shape}; {Description.Shape} is wanted");
        }
        var micro = Micro[clamp.MicroBatch];
        if (micro.TakeClamp(clamp)) Initialise(clamp.MicroBatch, outbox);
    }

    private protected override void TakeInput(int microBatch, int slot, ValueMessage<T> message, IOutbox<T> outbox)
    {
        if (!Micro[microBatch].Arrivals.TakeInput(slot, message.Value, message.Time)) return;
        if (message.Time == 0) Initialise(microBatch, outbox);
        Proceed(outbox);
    }

    /// <summary>The forward initialisation, once all is there: x = mu, or beside it where condition C1 is left out, or
    /// where a clamp puts it.</summary>
    private void Initialise(int microBatch, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        if (micro.IsPredicted || !micro.Arrivals.HasAllInputs(0) || (AwaitsClamp && !micro.IsClampKnown)) return;
        micro.Evaluation.Draw(Options.Seed, Step, microBatch);
        // A value that is one for all micro-batches is predicted once: its consumers may be reading it by now.
        if (Varies || microBatch == 0) micro.Evaluation.Predict();
        else micro.Evaluation.Share(Micro[0].Evaluation);
        micro.Initialise(Options.Rule.DrawsAtRandom ? Noise(microBatch) : null);
        // Inference moves each micro-batch's value on its own, so from here on none is shared; but a value that no data
        // leads to starts as one, and is sent so.
        if (Step.Infers && Description.Moves) SendValue(micro.Value, microBatch, 0, outbox);
        else SendInitialValue(micro.Value, microBatch, outbox);
        Predicted(microBatch, outbox);
        if (Description is { IsEnd: true, IsRoot: false })
            outbox.Report(new ForwardReport(Step, microBatch, Description.Id));
    }

    private protected override void OnTarget(int microBatch, ClampTarget<T> target, IOutbox<T> outbox)
    {
        outbox.Report(new LossReport(Step, microBatch, Micro[microBatch].RootError(Options.Loss, target)));
        outbox.Report(new ForwardReport(Step, microBatch, Description.Id));
    }

    private protected override void TakeError(MicroBatchInference<T> micro, int place, ErrorMessage<T> message,
        IOutbox<T> outbox)
    {
        micro.Arrivals.TakeError(place, message.Error, message.Time);
        Proceed(outbox);
    }

    private void OnAdvance(Advance message, IOutbox<T> outbox)
    {
        if (message.Time <= _time) return;
        if (!_hasReported)
            throw Violation($"was told to advance to time {message.Time} before it had done its part of time {_time}");
        if (Rests && message.Time != Description.Level)
            throw Violation($"was told to advance to time {message.Time}; it acts at its level, {Description.Level}");
        (_time, _before, _purpose, _hasReported) = (message.Time, _purpose, message.Purpose, false);
        // Sweeps of forward initialisation come before the rule's t = 0.
        if ((_before & TimestepPurpose.Infer) != 0) _inferenceTime++;
        foreach (var micro in Micro) micro.Phase = TimestepPhase.Move;
        Proceed(outbox);
    }

    /// <summary>What a step, a micro-batch and a vertex draw: the same at every attempt. A value that no
    /// data leads to is sent once for all micro-batches, so its initial noise is one for all, too.</summary>
    private SeededRandom Noise(int microBatch) => new(
        Options.Seed, $"initial value of {Description.Name}",
        ((ulong)Step.Step << 24)
            ^ (ulong)(Description.DependsOnData || Options.Rule.ForwardInitialisation ? microBatch : 0)
            ^ ((ulong)Step.Prediction << 44));
}
