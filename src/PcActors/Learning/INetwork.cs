using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>A network that can be trained a step at a time: on actors, or by the sequential reference.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface INetwork<T> : IAsyncDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The graph, before levelling.</summary>
    Graph<T> Graph { get; }

    /// <summary>A batch to fill for <see cref="StepAsync"/> and <see cref="PredictAsync"/>.</summary>
    Batch<T> NewBatch();

    /// <summary>One training step. The batch must stay as it is until the step has ended.</summary>
    /// <exception cref="DivergedException">The loss is not finite.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or the step did not end in time, however often it was tried.</exception>
    Task<StepResult> StepAsync(Batch<T> batch);

    /// <summary>The root's prediction for a batch's inputs, micro-batches stacked along the outermost axis.</summary>
    /// <exception cref="RunFailedException">A vertex threw, or the prediction did not arrive in time.</exception>
    Task<Tensor<T>> PredictAsync(Batch<T> batch);

    /// <summary>All parameters with the last step's update, whole (blocks are joined), in graph order.</summary>
    Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync();

    /// <summary>Messages between vertices so far.</summary>
    Task<MessageCounts> CountMessagesAsync();
}

/// <summary>What a training step came to.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">The loss before the update, mean over the batch.</param>
/// <param name="Attempts">How often it was begun; more than 1 when messages were lost.</param>
public sealed record StepResult(long Step, double Loss, int Attempts);

/// <summary>A parameter by its name.</summary>
public sealed record NamedTensor<T>(string Name, Tensor<T> Value)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>How many messages vertices have sent to each other.</summary>
/// <param name="Values">From inputs to consumers.</param>
/// <param name="Errors">From consumers to inputs.</param>
public sealed record MessageCounts(long Values, long Errors)
{
    /// <summary>Both kinds.</summary>
    public long Total => Values + Errors;
}
