using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Cuts a data set into batches, in a new order each epoch.</summary>
/// <remarks>
/// The order is a function of the seed and the epoch alone, so a resumed run goes on at any
/// epoch and batch. Batches are full: the N mod batch samples at the end of an epoch's order are left out of it, and
/// come back with the next shuffle. Filling a batch allocates nothing. Not thread-safe while an epoch begins.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class BatchSampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _order;
    private readonly int _sampleLength;
    private readonly ulong _seed;

    /// <summary>A sampler at epoch 0.</summary>
    /// <param name="data">What is sampled.</param>
    /// <param name="batchSize">Samples a batch, in [1, N].</param>
    /// <param name="seed">Decides the order of every epoch.</param>
    /// <exception cref="DataException">The batch is not in that range.</exception>
    public BatchSampler(Dataset<T> data, int batchSize, ulong seed)
    {
        if (batchSize < 1 || batchSize > data.Count)
            throw new DataException(data.Name, $"a batch of {batchSize} samples from {data.Count}",
                $"the batch must lie in [1, {data.Count}]");
        (Data, BatchSize, _seed) = (data, batchSize, seed);
        _sampleLength = data.Features.Length / data.Count;
        _order = new int[data.Count];
        BeginEpoch(0);
    }

    /// <summary>What is sampled.</summary>
    public Dataset<T> Data { get; }

    /// <summary>Samples a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches an epoch: N / batch size, rounded down.</summary>
    public int BatchCount => _order.Length / BatchSize;

    /// <summary>The epoch whose order holds, from 0.</summary>
    public long Epoch { get; private set; }

    /// <summary>The epoch's order: a permutation of the sample numbers.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>Takes the order of an epoch, any epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void BeginEpoch(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        new SeededRandom(_seed, "epoch", (ulong)epoch).Shuffle<int>(_order);
        Epoch = epoch;
    }

    /// <summary>The numbers of a batch's samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The epoch has no such batch.</exception>
    public ReadOnlySpan<int> SamplesOf(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, BatchCount);
        return _order.AsSpan(batch * BatchSize, BatchSize);
    }

    /// <summary>Writes a batch, or some consecutive rows of one (a micro-batch), into tensors of the caller.</summary>
    /// <param name="batch">The batch, from 0.</param>
    /// <param name="features">Receives the samples, [rows, ...]; a sample may have another shape of
    /// the same length there.</param>
    /// <param name="encoding">What the loss reads.</param>
    /// <param name="target">Receives the target, [rows, C] or [rows].</param>
    /// <param name="firstRow">The row of the batch that comes first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch has no such batch, or the
    /// batch no such rows.</exception>
    /// <exception cref="ShapeException">A tensor does not take that many samples.</exception>
    public void Fill(int batch, Tensor<T> features, TargetEncoding encoding, Tensor<T> target, int firstRow = 0)
    {
        var rows = features.Shape.Rank == 0 ? 0 : features.Shape[0];
        if (features.Length != (long)rows * _sampleLength)
            throw new ShapeException(
                $"samples of shape {Data.SampleShape} do not fill a batch of shape {features.Shape}");
        var width = encoding == TargetEncoding.OneHot ? Data.ClassCount : 1;
        if (target.Shape.Rank == 0 || target.Shape[0] != rows || target.Length != (long)rows * width)
            throw new ShapeException(
                $"a target of shape {target.Shape} was given for {Targets.ShapeOf(encoding, rows, Data.ClassCount)}");
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, BatchSize - rows);

        var samples = SamplesOf(batch).Slice(firstRow, rows);
        var source = Data.Features.Span;
        var copies = features.Writable;
        var targets = target.Writable;
        for (var row = 0; row < samples.Length; row++)
        {
            source.Slice(samples[row] * _sampleLength, _sampleLength).CopyTo(copies[(row * _sampleLength)..]);
            Targets.Write(encoding, Data.Labels[samples[row]], row, Data.ClassCount, targets);
        }
    }
}
