using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Runs;

/// <summary>A network that can be trained a step at a time, wherever it runs. Every place answers alike.</summary>
/// <remarks>After an error all that is asked for fails with that same error: a network whose
/// loss has diverged hands out no parameters. Its disposal waits for nothing that is pending, which
/// fails with <see cref="RunFailedException"/>; every later call throws
/// <see cref="ObjectDisposedException"/>.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface INetwork<T> : IAsyncDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The graph, before levelling.</summary>
    Graph<T> Graph { get; }

    /// <summary>The graph that runs: levelled, where the rule asks for it.</summary>
    Graph<T> RunGraph { get; }

    /// <summary>What sets the root's error.</summary>
    Loss Loss { get; }

    /// <summary>A batch to fill for <see cref="StepAsync"/> and <see cref="PredictAsync"/>.</summary>
    Batch<T> NewBatch();

    /// <summary>One training step. The batch must stay as it is until the step has ended.</summary>
    /// <exception cref="DivergedException">The loss is not finite.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or the step did not end in time, however
    /// often it was tried.</exception>
    Task<StepResult> StepAsync(Batch<T> batch);

    /// <summary>The root's prediction for a batch's inputs, micro-batches stacked along the outermost axis.</summary>
    /// <exception cref="RunFailedException">A vertex threw, or the prediction did not arrive in time.</exception>
    Task<Tensor<T>> PredictAsync(Batch<T> batch);

    /// <summary>Infers with vertices clamped: data leaves, latent vertices and the root.
    /// What is not clamped is free; of the data leaves that only those which the graph makes free can
    /// be. Nothing is learnt.</summary>
    /// <param name="clamps">By name of the vertex.</param>
    /// <param name="reads">Names of the vertices whose values are wanted.</param>
    /// <exception cref="ArgumentException">A clamp does not fit, or is of a vertex that cannot be clamped.</exception>
    /// <exception cref="InferenceDivergedException">The free energy is not finite.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or inference did not end in time.</exception>
    Task<Inference<T>> InferAsync(IReadOnlyDictionary<string, Clamp<T>> clamps, IReadOnlyList<string> reads);

    /// <summary>All parameters with the last step's update, whole (blocks are joined), in graph order.</summary>
    Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync();

    /// <summary>Copies of what the network is after the steps that were asked for before this call.
    /// Steps that are asked for later may begin as soon as it is copied.</summary>
    /// <exception cref="RunFailedException">A vertex threw, or did not answer in time.</exception>
    Task<NetworkSnapshot<T>> SnapshotAsync();

    /// <summary>Messages between vertices so far, those before a snapshot that the network goes on
    /// from among them. The reference sends none.</summary>
    Task<MessageCounts> CountMessagesAsync();
}

/// <summary>What a training step came to.</summary>
/// <param name="Step">Its number, from 1. Predictions are no steps, and those before a snapshot that the
/// network goes on from count.</param>
/// <param name="Loss">The loss before the update, mean over the batch.</param>
/// <param name="Attempts">How often it was begun; more than 1 when messages were lost.</param>
public sealed record StepResult(long Step, double Loss, int Attempts)
{
    /// <summary>The course of its inference; null where values rest, under Z-IL and backpropagation.</summary>
    public InferenceRecord? Inference { get; init; }
}

/// <summary>What an inference came to.</summary>
/// <param name="Values">The values that were asked for, by name: of the root and of direct vertices the
/// predictions.</param>
/// <param name="Record">Its course.</param>
public sealed record Inference<T>(IReadOnlyDictionary<string, Tensor<T>> Values, InferenceRecord Record)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
