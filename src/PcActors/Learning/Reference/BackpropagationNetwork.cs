using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Tensors;

namespace PcActors.Learning.Reference;

/// <summary>The sequential reference as a network that can be trained in place of one on actors.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BackpropagationNetwork<T> : ISnapshotNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Backpropagation<T> _reference;
    private readonly Loss _loss;
    private readonly int _microBatches;
    private readonly BatchForm<T> _form;
    private long _step;

    /// <summary>Creates the network.</summary>
    /// <param name="graph">Shapes are those of one micro-batch.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="optimizer">How parameters learn.</param>
    /// <param name="microBatches">Micro-batches a step.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <exception cref="ArgumentException">That is another network's.</exception>
    public BackpropagationNetwork(
        Graph<T> graph, Loss loss, Optimizer optimizer, int microBatches = 1, NetworkSnapshot<T>? restored = null)
    {
        restored?.RequireFit(graph, optimizer);
        (Graph, _loss, _microBatches) = (graph, loss, microBatches);
        _form = new BatchForm<T>(graph, loss, microBatches);
        _reference = new Backpropagation<T>(graph, loss, optimizer, microBatches, restored?.States);
    }

    /// <inheritdoc/>
    public Graph<T> Graph { get; }

    /// <inheritdoc/>
    public Batch<T> NewBatch() => new(Graph, _loss, _microBatches);

    /// <inheritdoc/>
    public Task<StepResult> StepAsync(Batch<T> batch) => Run(() =>
    {
        var loss = _reference.Step(_form.Require(batch));
        _step++;
        if (!double.IsFinite(loss)) throw new DivergedException(_step, FirstNotFinite());
        return new StepResult(_step, loss, 1);
    });

    /// <inheritdoc/>
    public Task<Tensor<T>> PredictAsync(Batch<T> batch) => Run(() =>
    {
        _form.Require(batch);
        var parts = new Tensor<T>[_microBatches];
        for (var micro = 0; micro < parts.Length; micro++) parts[micro] = _reference.Predict(batch, micro).Clone();
        return Batch<T>.Stack(parts);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync() =>
        Task.FromResult(Parameters.Join(Graph, id => _reference.Parameter(id).Clone()));

    /// <inheritdoc/>
    public Task<NetworkSnapshot<T>> SnapshotAsync() => Task.FromResult(new NetworkSnapshot<T>(
        Graph.Parameters.ToDictionary(v => v.Name, v => _reference.Snapshot(v.Id), StringComparer.Ordinal), new MessageCounts(0, 0)));

    /// <summary>No messages: the reference sends none.</summary>
    public Task<MessageCounts> CountMessagesAsync() => Task.FromResult(new MessageCounts(0, 0));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<TResult> Run<TResult>(Func<TResult> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<TResult>(e);
        }
    }

    private string? FirstNotFinite() => Graph.Vertices.FirstOrDefault(v =>
        _reference.Value(v.Id) is { } value && !IsFinite(value))?.Name;

    private static bool IsFinite(Tensor<T> value)
    {
        foreach (var element in value.Span)
        {
            if (!T.IsFinite(element)) return false;
        }
        return true;
    }
}
