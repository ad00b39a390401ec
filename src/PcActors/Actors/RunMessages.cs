using System.Numerics;
using Akka.Actor;
using PcActors.Learning.Vertices;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Actors;

/// <summary>To a vertex, first of all and once: what it is, and its neighbours.</summary>
/// <param name="Description">The vertex and its edges.</param>
/// <param name="Options">What all vertices of the run have in common.</param>
/// <param name="Inputs">By slot.</param>
/// <param name="Consumers">In canonical order.</param>
/// <param name="Coordinator">Who begins its steps and takes its reports.</param>
internal sealed record Connect<T>(
    VertexDescription<T> Description, VertexOptions Options, IActorRef[] Inputs, IActorRef[] Consumers, IActorRef Coordinator)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>From the host to the coordinator: the vertices are there and connected.</summary>
/// <param name="Vertices">References, by vertex id.</param>
internal sealed record VerticesReady(IActorRef[] Vertices);

/// <summary>From the host to the coordinator: a vertex has failed and is stopped.</summary>
internal sealed record VertexFailed(string Vertex, Exception Cause);

/// <summary>From the host to the coordinator: the vertices could not be started.</summary>
internal sealed record HostFailed(Exception Cause);

/// <summary>To the coordinator, from itself: look whether the current job has been at it for too long.</summary>
internal sealed record CheckTimeout
{
    public static CheckTimeout Instance { get; } = new();
}

/// <summary>To the coordinator: a piece of work that ends with a result.</summary>
internal abstract record Job
{
    /// <summary>Ends the job with an error.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Its result, whatever that is.</summary>
    public abstract Task<object> ResultAsync();
}

/// <summary>To the coordinator: a piece of work with a result of a type.</summary>
internal abstract record Job<TResult> : Job
{
    // Continuations run elsewhere: never on the coordinator's thread.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

/// <summary>Collect the committed parameters, by vertex id.</summary>
internal sealed record ParameterCollection<T> : Job<IReadOnlyDictionary<int, Tensor<T>>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Collect all that parameters go on from, by vertex id.</summary>
internal sealed record SnapshotCollection<T> : Job<IReadOnlyDictionary<int, ParameterSnapshot<T>>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Collect the message counts.</summary>
internal sealed record CounterCollection : Job<MessageCounts>;

/// <summary>To the coordinator: nothing comes after this; what has not been done fails.</summary>
internal sealed record EndOfRun : Job<bool>;
