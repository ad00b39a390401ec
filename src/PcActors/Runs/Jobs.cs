using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>A piece of work for a run. Jobs are done one after the other.</summary>
internal abstract record Job
{
    /// <summary>Ends the job with an error.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Its result, whatever that is.</summary>
    public abstract Task<object> ResultAsync();
}

/// <summary>A piece of work with a result of a type.</summary>
internal abstract record Job<TResult> : Job
{
    // Continuations run elsewhere: never on the thread of whoever does the job.
    private readonly TaskCompletionSource<TResult> _completion = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _completion.Task;

    public void Complete(TResult result) => _completion.TrySetResult(result);

    public override void Fail(Exception error) => _completion.TrySetException(error);

    public override async Task<object> ResultAsync() => (await Task.ConfigureAwait(false))!;
}

/// <summary>Train on a batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="WithEnergies">Whether the energies of all vertices and timesteps are wanted.</param>
internal sealed record TrainingStep<T>(Batch<T> Batch, bool WithEnergies = false) : Job<StepResult>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Infer with vertices clamped by hand; nothing is learnt.</summary>
/// <param name="Clamps">By vertex and micro-batch: what is clamped, or starts somewhere.
/// Latent vertices and free leaves that are not among them are free from their predictions on, or from 0.</param>
/// <param name="Reads">Ids of the vertices whose values are wanted.</param>
/// <param name="BatchSize">Samples.</param>
internal sealed record InferenceJob<T>(
    IReadOnlyDictionary<int, Clamp<T>[]> Clamps, IReadOnlyList<int> Reads, int BatchSize) : Job<InferredValues<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Its number among the predictions and inferences since the last step, from 1, where it is made again
    /// without those before it; null for the next. What it draws at random depends on it.</summary>
    public int? Number { get; init; }
}

/// <summary>What an inference came to.</summary>
/// <param name="Values">By id.</param>
/// <param name="Inference">Its course.</param>
internal sealed record InferredValues<T>(IReadOnlyDictionary<int, Tensor<T>> Values, InferenceRecord Inference)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Read the values that vertices hold.</summary>
/// <param name="Vertices">Their ids.</param>
/// <param name="Found">Told them, by id.</param>
internal sealed record ValueInquiry<T>(
    IReadOnlyList<int> Vertices, Action<IReadOnlyDictionary<int, Tensor<T>?>> Found) : IInquiry
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Subject => "the values inferred";

    public IReadOnlyList<int> Asked(StepPlan plan) => Vertices;

    public Type Answer => typeof(ValueReport<T>);

    public object Question(int number, StepId? completed) => new RequestValue(number);

    public IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step)
    {
        Found(answers.ToDictionary(a => a.Key, a => ((ValueReport<T>)a.Value).Value));
        return null;
    }
}

/// <summary>Predict for a batch's inputs.</summary>
internal sealed record Prediction<T>(Batch<T> Batch) : Job<Tensor<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The last job: what has not been done by then fails.</summary>
internal sealed record EndOfRun : Job<bool>;

/// <summary>A question to some vertices, which is answered when every one of them has answered.</summary>
internal interface IInquiry
{
    /// <summary>What is asked for, for a person.</summary>
    string Subject { get; }

    /// <summary>Who is asked, by id.</summary>
    IReadOnlyList<int> Asked(StepPlan plan);

    /// <summary>What an answer is.</summary>
    Type Answer { get; }

    /// <summary>The question.</summary>
    /// <param name="number">Stands in the answers, too.</param>
    /// <param name="completed">The last training step that has ended.</param>
    object Question(int number, StepId? completed);

    /// <summary>Takes all the answers.</summary>
    /// <param name="answers">By id.</param>
    /// <param name="step">Training steps made.</param>
    /// <returns>What is asked at once, before any other job begins; null when this was all.</returns>
    IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step);
}

/// <summary>Collect the committed parameters, by vertex id.</summary>
internal sealed record ParameterCollection<T> : Job<IReadOnlyDictionary<int, Tensor<T>>>, IInquiry
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Subject => "the parameters";

    public IReadOnlyList<int> Asked(StepPlan plan) => plan.Parameters;

    public Type Answer => typeof(ParameterReport<T>);

    public object Question(int number, StepId? completed) => new RequestParameter(completed, number);

    public IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step)
    {
        Complete(answers.ToDictionary(a => a.Key, a => ((ParameterReport<T>)a.Value).Value));
        return null;
    }
}

/// <summary>Collect all that a run goes on from.</summary>
internal sealed record StateCollection<T> : Job<RunState<T>>, IInquiry
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Subject => "the parameters' states";

    public IReadOnlyList<int> Asked(StepPlan plan) => plan.Parameters;

    public Type Answer => typeof(SnapshotReport<T>);

    // All steps before this have ended: every parameter has its update, taken over or not.
    public object Question(int number, StepId? completed) => new RequestSnapshot(number);

    public IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step)
    {
        var states = answers.ToDictionary(a => a.Key, a => ((SnapshotReport<T>)a.Value).Snapshot);
        return new CounterCollection(counts => Complete(new RunState<T>(step, states, counts)));
    }
}

/// <summary>All that a run goes on from.</summary>
/// <param name="Step">Training steps made.</param>
/// <param name="States">Parameters' states, by vertex id; those that are not among them have
/// their initial values.</param>
/// <param name="Messages">Messages between vertices since the run began here.</param>
internal sealed record RunState<T>(long Step, IReadOnlyDictionary<int, ParameterSnapshot<T>> States,
    MessageCounts Messages)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Collect the message counts.</summary>
/// <param name="Found">Told them, where that is more than the job's result.</param>
internal sealed record CounterCollection(Action<MessageCounts>? Found = null) : Job<MessageCounts>, IInquiry
{
    public string Subject => "the counts of messages";

    public IReadOnlyList<int> Asked(StepPlan plan) => plan.All;

    public Type Answer => typeof(CountersReport);

    public object Question(int number, StepId? completed) => new RequestCounters(number);

    public IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step)
    {
        var counts = answers.Values.Cast<CountersReport>().ToList();
        var sums = new MessageCounts(counts.Sum(c => c.Values), counts.Sum(c => c.Errors));
        Found?.Invoke(sums);
        Complete(sums);
        return null;
    }
}

/// <summary>Find the first vertex, in topological order, that holds what is no number.</summary>
/// <param name="Found">Told its id; null when there is none.</param>
internal sealed record FinitenessInquiry(Action<int?> Found) : IInquiry
{
    public string Subject => "the vertex at which the loss diverged";

    public IReadOnlyList<int> Asked(StepPlan plan) => plan.All;

    public Type Answer => typeof(FinitenessReport);

    public object Question(int number, StepId? completed) => new RequestFiniteness(number);

    public IInquiry? Conclude(IReadOnlyDictionary<int, AnswerReport> answers, long step)
    {
        Found(answers.Values.Cast<FinitenessReport>().Where(r => !r.Finite).Select(r => (int?)r.Vertex).Min());
        return null;
    }
}
