using System.Numerics;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Training;

/// <summary>Batches of some samples in their order. A graph has one batch size: a micro-batch that the samples do not
/// fill is filled up with its own ones, over and over, whose further outputs do not count.</summary>
/// <param name="network">The network.</param>
/// <param name="batch">A batch to fill.</param>
/// <param name="size">Samples that it takes.</param>
/// <param name="count">Samples that there are.</param>
/// <param name="fill">Fills a batch with the samples of the given numbers, as many as it takes.</param>
internal sealed class PaddedBatches<T>(
    INetwork<T> network, Batch<T> batch, int size, int count, Action<int[], Batch<T>> fill)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _samples = new int[size];
    private readonly int _rows = size / batch.MicroBatches;

    /// <summary>The samples at which batches begin.</summary>
    public IEnumerable<int> Starts
    {
        get
        {
            for (var start = 0; start < count; start += size) yield return start;
        }
    }

    /// <summary>Fills the batch that begins with a sample.</summary>
    /// <returns>How many of its first samples count.</returns>
    public int Fill(int start)
    {
        for (var micro = 0; micro < batch.MicroBatches; micro++)
        {
            // A micro-batch for which nothing is left has what the first one has.
            var first = start + (micro * _rows) is var own && own < count ? own : start;
            var left = Math.Min(_rows, count - first);
            for (var row = 0; row < _rows; row++) _samples[(micro * _rows) + row] = first + (row % left);
        }
        fill(_samples, batch);
        return Math.Min(size, count - start);
    }

    /// <summary>Says where the prediction for a sample depends on those beside it, and the samples do not come out
    /// even.</summary>
    /// <returns>A sentence; null where nothing need be said.</returns>
    public string? Notice()
    {
        var rest = count % _rows;
        // Where they come out even, moments over the micro-batch are those over its samples.
        if (rest == 0 || _rows % rest == 0) return null;
        var (one, other) = (network.NewBatch(), network.NewBatch());
        for (var i = 0; i < _samples.Length; i++) _samples[i] = count - rest + (i % rest);
        fill(_samples, one);
        // Behind the rest: the last of its samples alone.
        _samples.AsSpan(rest).Fill(count - 1);
        fill(_samples, other);
        var leaves = one.Clamped.Index().ToDictionary(
            c => c.Item, c => (one.Input(c.Index, 0), other.Input(c.Index, 0)));
        return RowDependence.Find(network.Graph, leaves, _rows, rest) is not { } vertex ? null
            : $"the last {rest} of {count} samples do not fill a batch of {_rows}, and at the vertex '{vertex}' "
                + "the prediction for a sample depends on those beside it: "
                + $"the batch is filled up by repeating these {rest}; a batch size that {rest} divides would be exact";
    }
}
