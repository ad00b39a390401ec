using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex under any clock: whose messages it takes, what is wrong with others, and
/// what the root does once it has predicted.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMicro">What it holds for each micro-batch.</typeparam>
internal abstract class FunctionState<T, TMicro> : VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMicro : MicroBatch<T>
{
    private readonly EdgeIndex _inputEdges;
    private readonly EdgeIndex _errorEdges;

    private protected FunctionState(
        VertexDescription<T> description, VertexOptions options, Func<VertexDescription<T>, int, TMicro> micro)
        : base(description, options.MicroBatches)
    {
        Options = options;
        _inputEdges = description.InputEdges();
        _errorEdges = description.ErrorEdges();
        PullBackOrder = description.PullBackOrder();
        Micro = new TMicro[options.MicroBatches];
        for (var m = 0; m < Micro.Length; m++) Micro[m] = micro(description, _errorEdges.Count);
    }

    private protected VertexOptions Options { get; }

    private protected TMicro[] Micro { get; }

    private protected SlotOrder PullBackOrder { get; }

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
            case ClampTarget<T> target when Description.IsRoot:
                if (!BelongsToStep(target.Step)) return true;
                CheckMicroBatch(target.MicroBatch);
                CheckTarget(target, Options.Loss);
                Micro[target.MicroBatch].Target ??= target;
                Conclude(target.MicroBatch, outbox);
                return true;
            case RequestPrediction request when Description.IsRoot:
                if (!BelongsToStep(request.Step)) return true;
                CheckMicroBatch(request.MicroBatch);
                Micro[request.MicroBatch].IsRequested = true;
                Conclude(request.MicroBatch, outbox);
                return true;
            default:
                return false;
        }
    }

    private protected override void OnNewStep()
    {
        foreach (var micro in Micro) micro.Reset();
    }

    private protected override IEnumerable<Tensor<T>> HeldValues() =>
        Micro.Where(m => m.IsPredicted).Select(m => m.InitialPrediction);

    private protected override IReadOnlyList<Tensor<T>>? ValuesByMicroBatch() =>
        Array.TrueForAll(Micro, m => m.IsPredicted) ? Array.ConvertAll(Micro, m => m.CurrentValue) : null;

    /// <summary>Whether a value of a time may come along an input's edge.</summary>
    private protected abstract bool Admits(InputEdge input, int time);

    /// <summary>An input's value has come for one micro-batch.</summary>
    private protected abstract void TakeInput(int microBatch, int slot, ValueMessage<T> message, IOutbox<T> outbox);

    /// <summary>A consumer's pull-back has come.</summary>
    private protected abstract void TakeError(TMicro micro, int place, ErrorMessage<T> message, IOutbox<T> outbox);

    /// <summary>Whether errors may come at another time than the vertex's level.</summary>
    private protected abstract bool TakesErrorsAtAnyTime { get; }

    /// <summary>At the root, with prediction and target there.</summary>
    private protected abstract void OnTarget(int microBatch, ClampTarget<T> target, IOutbox<T> outbox);

    /// <summary>The prediction is there, and has been sent.</summary>
    private protected void Predicted(int microBatch, IOutbox<T> outbox)
    {
        Micro[microBatch].IsPredicted = true;
        if (Description.IsRoot) Conclude(microBatch, outbox);
    }

    /// <summary>Sends the value of time 0: for each micro-batch, or once for all where no data leads to it.</summary>
    private protected void SendInitialValue(Tensor<T> value, int microBatch, IOutbox<T> outbox)
    {
        if (Description.DependsOnData) SendValue(value, microBatch, 0, outbox);
        else if (microBatch == 0) SendValue(value, ValueMessage<T>.AllMicroBatches, 0, outbox);
    }

    /// <summary>Pulls an error back to all inputs that take one.</summary>
    private protected void SendPullBacks(int microBatch, Tensor<T> error, int time, IOutbox<T> outbox)
    {
        foreach (var slot in PullBackOrder)
            SendError(slot, Micro[microBatch].Evaluation.PullBack(slot, error), microBatch, time, outbox);
    }

    private void OnValue(ValueMessage<T> message, IOutbox<T> outbox)
    {
        var slot = _inputEdges.Find(message.Edge);
        if (slot < 0) throw Violation($"was sent a value along edge {message.Edge}, which is none of its inputs");
        CheckShape(message.Value.Shape, Description.Inputs[slot].Shape, message.Edge);
        if (message.Time != 0 && (message.Time < 0 || !Admits(Description.Inputs[slot], message.Time)))
            throw Violation(
                $"was sent a value of time {message.Time} along edge {message.Edge}, where only time 0 has one");
        if (message.MicroBatch == ValueMessage<T>.AllMicroBatches)
        {
            for (var m = 0; m < Micro.Length; m++) TakeInput(m, slot, message, outbox);
            return;
        }
        CheckMicroBatch(message.MicroBatch);
        TakeInput(message.MicroBatch, slot, message, outbox);
    }

    private void OnError(ErrorMessage<T> message, IOutbox<T> outbox)
    {
        CheckMicroBatch(message.MicroBatch);
        var place = _errorEdges.Find(message.Edge);
        if (place < 0) throw Violation($"was sent an error along edge {message.Edge}, from which it takes none");
        CheckShape(message.Error.Shape, Description.Shape, message.Edge);
        if (!TakesErrorsAtAnyTime && message.Time != Description.ErrorTime)
        {
            throw Violation($"was sent an error at time {message.Time}; its level is {Description.Level}"
                + (Description.Span == 1 ? "" : $", and errors come at time {Description.ErrorTime}"));
        }
        var micro = Micro[message.MicroBatch];
        if (!micro.IsPredicted) throw Violation("was sent an error before it had predicted");
        TakeError(micro, place, message, outbox);
    }

    /// <summary>At the root: with the prediction there, hands it out, or with the target there
    /// too, starts the wave.</summary>
    private void Conclude(int microBatch, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        if (!micro.IsPredicted || micro.IsConcluded) return;
        if (micro.IsRequested)
        {
            micro.IsConcluded = true;
            outbox.Report(new PredictionReport<T>(Step, microBatch, micro.InitialPrediction.Clone()));
        }
        else if (micro.Target is { } target)
        {
            micro.IsConcluded = true;
            OnTarget(microBatch, target, outbox);
        }
    }
}
