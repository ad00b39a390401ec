using System.Numerics;
using PcActors.Functions;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex that acts when messages are complete: it predicts when all values are there, and when all its
/// consumers' errors are there it is at its place in the wave and pulls its own error back.</summary>
/// <remarks>This is Z-IL with everything left out that changes no bit: with C1 and C3 and inputs that have not moved, the
/// displacement becomes minus the sum of the pull-backs, so the error is that sum; and behind the wave a vertex rests. Time
/// is implied: the forward values are at 0, an error acts at its receiver's level.</remarks>
internal sealed class WavefrontState<T> : VertexState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MicroBatchWave<T>[] _micro;
    private readonly EdgeIndex _inputEdges;
    private readonly EdgeIndex _errorEdges;
    private readonly int[] _pullBackOrder;
    private readonly Loss _loss;
    private readonly ulong _seed;

    // An identity between a parameter and its consumers: off the wave's path, so it need not know its error in numbers.
    private readonly bool _passesErrors;

    public WavefrontState(VertexDescription<T> description, VertexOptions options)
        : base(description, options.MicroBatches)
    {
        (_loss, _seed) = (options.Loss, options.Seed);
        _inputEdges = new EdgeIndex([.. description.Inputs.Select(i => i.Edge)]);
        _errorEdges = new EdgeIndex([.. description.Consumers.Where(c => c.CarriesError).Select(c => c.Edge)]);
        _pullBackOrder = PullBackOrder(description);
        _passesErrors = !description.DependsOnData && description.Function is Identity<T> && _pullBackOrder.Length == 1;
        _micro = new MicroBatchWave<T>[options.MicroBatches];
        for (var m = 0; m < _micro.Length; m++) _micro[m] = new MicroBatchWave<T>(description, _errorEdges.Count);
    }

    /// <summary>Slots that errors go back to: down the wave first, then to what does not depend on data, whose work is off
    /// the wave's path.</summary>
    internal static int[] PullBackOrder(VertexDescription<T> description) =>
        [.. Enumerable.Range(0, description.Inputs.Count)
            .Where(slot => description.Inputs[slot].CarriesError)
            .OrderBy(slot => description.Inputs[slot].DependsOnData ? 0 : 1)];

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
                if (BelongsToStep(target.Step)) OnTarget(target, outbox);
                return true;
            case RequestPrediction request when Description.IsRoot:
                if (BelongsToStep(request.Step)) OnRequest(request, outbox);
                return true;
            default:
                return false;
        }
    }

    private protected override void OnNewStep()
    {
        foreach (var micro in _micro) micro.Reset();
    }

    private protected override IEnumerable<Tensor<T>> HeldValues() =>
        _micro.Where(m => m.IsPredicted).Select(m => m.Evaluation.Prediction);

    private void OnValue(ValueMessage<T> message, IOutbox<T> outbox)
    {
        var slot = _inputEdges.Find(message.Edge);
        if (slot < 0) throw Violation($"was sent a value along edge {message.Edge}, which is none of its inputs");
        CheckShape(message.Value.Shape, Description.Inputs[slot].Shape, message.Edge);
        if (message.Time != 0) throw Violation($"was sent a value of time {message.Time}; under the wavefront clock values are of time 0");
        if (message.MicroBatch == ValueMessage<T>.AllMicroBatches)
        {
            for (var m = 0; m < _micro.Length; m++) Take(m, slot, message.Value, outbox);
            return;
        }
        CheckMicroBatch(message.MicroBatch);
        Take(message.MicroBatch, slot, message.Value, outbox);
    }

    private void Take(int microBatch, int slot, Tensor<T> value, IOutbox<T> outbox)
    {
        var micro = _micro[microBatch];
        if (!micro.TakeInput(slot, value)) return;
        micro.Evaluation.Draw(_seed, Step, microBatch);
        if (Description.DependsOnData)
        {
            SendValue(micro.Evaluation.Predict(), microBatch, 0, outbox);
        }
        else if (microBatch == 0)
        {
            SendValue(micro.Evaluation.Predict(), ValueMessage<T>.AllMicroBatches, 0, outbox);
        }
        else
        {
            micro.Evaluation.Share(_micro[0].Evaluation);
        }
        micro.IsPredicted = true;
        if (Description.IsRoot) Conclude(microBatch, outbox);
    }

    private void OnTarget(ClampTarget<T> message, IOutbox<T> outbox)
    {
        CheckMicroBatch(message.MicroBatch);
        CheckTarget(message, _loss);
        if (_micro[message.MicroBatch].Target is not null) return;
        _micro[message.MicroBatch].Target = message;
        Conclude(message.MicroBatch, outbox);
    }

    private void OnRequest(RequestPrediction message, IOutbox<T> outbox)
    {
        CheckMicroBatch(message.MicroBatch);
        _micro[message.MicroBatch].IsRequested = true;
        Conclude(message.MicroBatch, outbox);
    }

    /// <summary>At the root: with prediction and target there, the loss sets the error, and the wave starts at time 0.</summary>
    private void Conclude(int microBatch, IOutbox<T> outbox)
    {
        var micro = _micro[microBatch];
        if (!micro.IsPredicted || micro.IsConcluded) return;
        if (micro.IsRequested)
        {
            micro.IsConcluded = true;
            outbox.Report(new PredictionReport<T>(Step, microBatch, micro.Evaluation.Prediction.Clone()));
        }
        else if (micro.Target is { } target)
        {
            micro.IsConcluded = true;
            var error = micro.ErrorBuffer(Description.Shape);
            var loss = _loss.Evaluate(micro.Evaluation.Prediction, target.Target, target.BatchSize, error);
            SendPullBacks(microBatch, error, outbox);
            outbox.Report(new LossReport(Step, microBatch, loss));
        }
    }

    private void OnError(ErrorMessage<T> message, IOutbox<T> outbox)
    {
        CheckMicroBatch(message.MicroBatch);
        var place = _errorEdges.Find(message.Edge);
        if (place < 0) throw Violation($"was sent an error along edge {message.Edge}, from which it takes none");
        CheckShape(message.Error.Shape, Description.Shape, message.Edge);
        if (message.Time != Description.Level)
            throw Violation($"was sent an error at time {message.Time}; its level is {Description.Level}");
        var micro = _micro[message.MicroBatch];
        if (!micro.IsPredicted) throw Violation("was sent an error before it had predicted");
        if (!micro.TakeError(place, message.Error)) return;
        if (_passesErrors && micro.JoinErrors() is { } joined) SendError(0, joined, message.MicroBatch, Description.Level + 1, outbox);
        else SendPullBacks(message.MicroBatch, micro.SumErrors(Description.Shape), outbox);
    }

    private void SendPullBacks(int microBatch, Tensor<T> error, IOutbox<T> outbox)
    {
        var evaluation = _micro[microBatch].Evaluation;
        foreach (var slot in _pullBackOrder)
            SendError(slot, evaluation.PullBack(slot, error), microBatch, Description.Level + 1, outbox);
    }
}
