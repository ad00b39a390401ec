using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A function vertex that acts when messages are complete: it predicts when all
/// values are there, and when all its consumers' errors are there it is at its place in the wave and pulls
/// its own error back.</summary>
/// <remarks>This is Z-IL with everything left out that changes no bit: with C1 and C3 and
/// inputs that have not moved, the displacement becomes minus the sum of the pull-backs, so the error is that sum; and
/// behind the wave a vertex rests. Time is implied: the forward values are at 0, an error acts at
/// its receiver's level.</remarks>
internal sealed class WavefrontState<T> : FunctionState<T, MicroBatchWave<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // An identity between a parameter and its consumers: off the wave's path, so it need not know its error in numbers.
    private readonly bool _passesErrors;

    public WavefrontState(VertexDescription<T> description, VertexOptions options, BufferPool<T>? buffers)
        : base(description, options, (vertex, errors) => new MicroBatchWave<T>(vertex, errors, buffers)) =>
        _passesErrors = description.Inputs is [var first, ..]
            && ErrorForm.PassesErrors(description.Function, description.DependsOnData, first.CarriesError);

    private protected override bool TakesErrorsAtAnyTime => false;

    private protected override bool Admits(InputEdge input, int time) => false;

    private protected override void TakeInput(int microBatch, int slot, ValueMessage<T> message, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        if (!micro.TakeInput(slot, message.Value)) return;
        micro.Evaluation.Draw(Options.Seed, Step, microBatch);
        if (Description.DependsOnData || microBatch == 0)
            SendInitialValue(micro.Evaluation.Predict(), microBatch, outbox);
        else micro.Evaluation.Share(Micro[0].Evaluation);
        Predicted(microBatch, outbox);
    }

    // The wave starts at time 0.
    private protected override void OnTarget(int microBatch, ClampTarget<T> target, IOutbox<T> outbox)
    {
        var micro = Micro[microBatch];
        var error = micro.NewError(Description.Shape);
        var loss = micro.EvaluateLoss(Options.Loss, micro.Evaluation.Prediction, target, error);
        PassBack(microBatch, error, outbox);
        outbox.Report(new LossReport(Step, microBatch, loss));
    }

    private protected override void TakeError(MicroBatchWave<T> micro, int place, ErrorMessage<T> message,
        IOutbox<T> outbox)
    {
        if (!micro.TakeError(place, message.Error)) return;
        if (_passesErrors && micro.JoinErrors() is { } joined)
            SendError(0, joined, message.MicroBatch, Description.Level + 1, outbox);
        else PassBack(message.MicroBatch, micro.SumErrors(Description.Shape), outbox);
    }

    /// <summary>Pulls the error back, with which the vertex has done then.</summary>
    private void PassBack(int microBatch, Tensor<T> error, IOutbox<T> outbox)
    {
        SendPullBacks(microBatch, error, Description.Level + 1, outbox);
        error.Release();
    }
}

/// <summary>What a vertex under the wavefront clock holds for one micro-batch in flight.</summary>
/// <param name="vertex">The vertex.</param>
/// <param name="errorEdges">Consumers whose errors come back.</param>
/// <param name="buffers">What errors are rented from; null for buffers of its own.</param>
internal sealed class MicroBatchWave<T>(VertexDescription<T> vertex, int errorEdges, BufferPool<T>? buffers)
    : MicroBatch<T>(vertex, factors: true, buffers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PullBack<T>?[] _errors = errorEdges == 0 ? [] : new PullBack<T>?[errorEdges];
    private int _missingInputs = vertex.Inputs.Count;
    private int _missingErrors = errorEdges;
    private Tensor<T>? _error;

    public override Tensor<T> InitialPrediction => Evaluation.Prediction;

    public override void Reset()
    {
        base.Reset();
        // Of an attempt that was given up; otherwise they have been used.
        if (_missingErrors > 0)
        {
            foreach (var error in _errors) error?.Release();
        }
        _errors.AsSpan().Clear();
        _missingInputs = Evaluation.Inputs.Length;
        _missingErrors = _errors.Length;
    }

    /// <summary>Whether this value was the last one missing.</summary>
    public bool TakeInput(int slot, Tensor<T> value)
    {
        if (Evaluation.Inputs[slot] is not null) return false;
        Evaluation.Inputs[slot] = value;
        return --_missingInputs == 0;
    }

    /// <summary>Whether this error was the last one missing.</summary>
    public bool TakeError(int place, PullBack<T> error)
    {
        if (_errors[place] is not null) return false;
        _errors[place] = error;
        return --_missingErrors == 0;
    }

    // What has been used stays as a mark, by which a duplicate is known.

    /// <summary>eps as a sum that the receiver carries out; null when it is better carried out here.</summary>
    public PullBack<T>? JoinErrors() => FactoredSum<T>.Join(_errors);

    /// <summary>Where the root's error goes.</summary>
    public Tensor<T> NewError(Shape shape) =>
        Evaluation.Buffers?.Rent(shape) ?? (_error ??= new Tensor<T>(shape));

    /// <summary>eps: the sum of the pull-backs, or the only one itself.</summary>
    public Tensor<T> SumErrors(Shape shape) => ErrorSum.Take(_errors, shape, Evaluation.Buffers, ref _error);
}
