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

    public WavefrontState(VertexDescription<T> description, VertexOptions options)
        : base(description, options, static (vertex, errors) => new MicroBatchWave<T>(vertex, errors)) =>
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
        var error = micro.ErrorBuffer(Description.Shape);
        var loss = micro.EvaluateLoss(Options.Loss, micro.Evaluation.Prediction, target, error);
        SendPullBacks(microBatch, error, Description.Level + 1, outbox);
        outbox.Report(new LossReport(Step, microBatch, loss));
    }

    private protected override void TakeError(MicroBatchWave<T> micro, int place, ErrorMessage<T> message,
        IOutbox<T> outbox)
    {
        if (!micro.TakeError(place, message.Error)) return;
        var time = Description.Level + 1;
        if (_passesErrors && micro.JoinErrors() is { } joined) SendError(0, joined, message.MicroBatch, time, outbox);
        else SendPullBacks(message.MicroBatch, micro.SumErrors(Description.Shape), time, outbox);
    }
}

/// <summary>What a vertex under the wavefront clock holds for one micro-batch in flight.</summary>
/// <param name="vertex">The vertex.</param>
/// <param name="errorEdges">Consumers whose errors come back.</param>
internal sealed class MicroBatchWave<T>(VertexDescription<T> vertex, int errorEdges)
    : MicroBatch<T>(vertex, factors: true)
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

    /// <summary>eps as a sum that the receiver carries out; null when it is better carried out here.</summary>
    public PullBack<T>? JoinErrors() => FactoredSum<T>.Join(_errors);

    public Tensor<T> ErrorBuffer(Shape shape) => _error ??= new Tensor<T>(shape);

    /// <summary>eps: the sum of the pull-backs, or the only one itself.</summary>
    public Tensor<T> SumErrors(Shape shape)
    {
        if (_errors is [{ Whole: { } only }]) return only;
        var sum = ErrorBuffer(shape);
        ErrorSum.Write<T>(_errors, sum);
        return sum;
    }
}
