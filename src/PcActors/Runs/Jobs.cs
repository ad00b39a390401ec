using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
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
internal sealed record TrainingStep<T>(Batch<T> Batch) : Job<StepResult>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

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
