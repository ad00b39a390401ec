using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>How a network is used on samples.</summary>
public sealed record PredictionOptions
{
    /// <summary>What is done to features before the network takes them: that which was done in training
    /// (<see cref="TrainingLoop{T}.Standardization"/>). Null for nothing.</summary>
    public Standardization? Standardization { get; init; }

    /// <summary>Told after each batch how many samples are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Told in a sentence, before it begins, where a prediction depends on the size of the batch.</summary>
    public Action<string>? Notice { get; init; }
}

/// <summary>Predicts any number of samples with a network, whatever batch it was made for. Dropout drops nothing, and
/// nothing is learnt.</summary>
public static class Predictions
{
    /// <summary>The root's predictions for samples.</summary>
    /// <param name="network">The network; it has one data leaf.</param>
    /// <param name="samples">[N, ...], each of the data leaf's shape, or of as many numbers with another rank.</param>
    /// <param name="options">What is done to features, and who is told how far it is.</param>
    /// <param name="cancellation">Ends it after the batch at hand.</param>
    /// <returns>[N, ...], a row for each sample; [N * k, ...] where the root has k rows for each.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the network, there are none, or its predictions have
    /// no rows for samples.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or a prediction did not arrive in time.</exception>
    public static Task<Tensor<T>> PredictAsync<T>(this INetwork<T> network, Tensor<T> samples,
        PredictionOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var leaves = network.Graph.DataLeaves.Where(v => !v.IsFree).Select(v => v.Name).ToList();
        return leaves is [var only]
            ? PredictAsync(network, new Dictionary<string, Tensor<T>> { [only] = samples }, options, cancellation)
            : throw new ArgumentException(
                $"the network has the data leaves {string.Join(", ", leaves)}, and samples for one were given",
                nameof(samples));
    }

    /// <summary>The root's predictions for samples of several arrays.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">For each data leaf, by its name, [N, ...]: each of its shape, or of as many numbers with
    /// another rank.</param>
    /// <param name="options">What is done to features, to those of all leaves, and who is told how far it is.</param>
    /// <param name="cancellation">Ends it after the batch at hand.</param>
    /// <returns>[N, ...], a row for each sample; [N * k, ...] where the root has k rows for each.</returns>
    /// <exception cref="ArgumentException">The samples do not fit the network, there are none, or its predictions have
    /// no rows for samples.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or a prediction did not arrive in time.</exception>
    public static async Task<Tensor<T>> PredictAsync<T>(this INetwork<T> network,
        IReadOnlyDictionary<string, Tensor<T>> samples, PredictionOptions? options = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new PredictionOptions();
        var batch = network.NewBatch();
        var vertices = batch.Clamped.Select(id => network.Graph.Vertices[id]).ToList();
        var (size, count) = Sizes(vertices, batch, samples);
        var arrays = vertices.ConvertAll(v => options.Standardization?.Apply(samples[v.Name]) ?? samples[v.Name]);
        var batches = new PaddedBatches<T>(network, batch, size, count, (numbers, b) => Fill(numbers, arrays, b));
        return await PredictAsync(network, batches, batch, (size, count), options, cancellation).ConfigureAwait(false);
    }

    /// <summary>The root's predictions for a data set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The samples.</param>
    /// <param name="feed">Which array each data leaf gets; null for features to the only one.</param>
    /// <param name="options">What is done to features, and who is told how far it is.</param>
    /// <param name="cancellation">Ends it after the batch at hand.</param>
    /// <returns>[N, ...], a row for each sample; [N * k, ...] where the root has k rows for each.</returns>
    /// <exception cref="DataException">The data do not fit the network.</exception>
    /// <exception cref="ArgumentException">The feed names a vertex that gets no array, or the network's predictions
    /// have no rows for samples.</exception>
    /// <exception cref="RunFailedException">A vertex threw, or a prediction did not arrive in time.</exception>
    public static Task<Tensor<T>> PredictAsync<T>(this INetwork<T> network, Dataset<T> data, Feed? feed = null,
        PredictionOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new PredictionOptions();
        var batch = network.NewBatch();
        Evaluations.RequirePrediction(network, batch);
        data = options.Standardization?.Apply(data) ?? data;
        var arrays = FedArrays<T>.OfInputs(feed ?? Feed.Default, network.Graph, batch, data);
        var size = batch.Inputs is [var first, ..] ? first.Shape[0] : batch.Size;
        var batches = new PaddedBatches<T>(network, batch, size, data.Count, (numbers, b) => arrays.Fill(numbers, b));
        return PredictAsync(network, batches, batch, (size, data.Count), options, cancellation);
    }

    private static async Task<Tensor<T>> PredictAsync<T>(INetwork<T> network, PaddedBatches<T> batches, Batch<T> batch,
        (int Size, int Count) samples, PredictionOptions options, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (size, count) = samples;
        if (options.Notice is { } tell && batches.Notice() is { } notice) tell(notice);
        Tensor<T>? predictions = null;
        foreach (var start in batches.Starts)
        {
            cancellation.ThrowIfCancellationRequested();
            var counted = batches.Fill(start);
            var made = await network.PredictAsync(batch).WaitAsync(cancellation).ConfigureAwait(false);
            var rows = made.Shape.Rank > 0 && made.Shape[0] % size == 0 ? made.Shape[0] / size
                : throw new ArgumentException(
                    $"the root '{network.Graph.Root.Name}' predicts {made.Shape} for {size} samples: no row for each");
            predictions ??= new Tensor<T>(made.Shape.With(0, checked(count * rows)));
            made.Rows(0, counted * rows).Span.CopyTo(predictions.Rows(start * rows, counted * rows).Writable);
            options.Progress?.Invoke(start + counted);
        }
        return predictions!;
    }

    /// <summary>How many samples a batch takes, and how many there are.</summary>
    private static (int Size, int Count) Sizes<T>(List<Vertex<T>> vertices, Batch<T> batch,
        IReadOnlyDictionary<string, Tensor<T>> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (samples.Keys.FirstOrDefault(name => vertices.TrueForAll(v => v.Name != name)) is { } unknown)
            throw new ArgumentException($"the network has no data leaf '{unknown}' that samples could be for");
        var (size, count) = (0, -1);
        foreach (var (vertex, tensor) in vertices.Zip(batch.Inputs))
        {
            var given = samples.GetValueOrDefault(vertex.Name)
                ?? throw new ArgumentException($"there are no samples for the data leaf '{vertex.Name}'");
            if (tensor.Shape.Rank == 0 || (size > 0 && tensor.Shape[0] != size))
                throw new ArgumentException(
                    $"the data leaf '{vertex.Name}' has the shape {tensor.Shape}, and no row for each sample");
            size = tensor.Shape[0];
            if (given.Shape.Rank == 0 || given.Length == 0 || (count >= 0 && given.Shape[0] != count))
                throw new ArgumentException(
                    $"{given.Shape} were given for '{vertex.Name}': no samples, or not as many as for the others");
            count = given.Shape[0];
            var fits = given.Length / count == tensor.Length / size && (given.Shape.Rank != tensor.Shape.Rank
                || given.Shape.Dimensions[1..].SequenceEqual(tensor.Shape.Dimensions[1..]));
            if (!fits)
                throw new ArgumentException(
                    $"samples of shape {given.Shape} do not fit the data leaf '{vertex.Name}' of shape {tensor.Shape}");
        }
        return count > 0 ? (size, count) : throw new ArgumentException("the network takes no samples");
    }

    private static void Fill<T>(int[] numbers, List<Tensor<T>> arrays, Batch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (source, target) in arrays.Zip(batch.Inputs))
        {
            var length = target.Length / numbers.Length;
            for (var row = 0; row < numbers.Length; row++)
                source.Span.Slice(numbers[row] * length, length).CopyTo(target.Writable[(row * length)..]);
        }
    }
}
