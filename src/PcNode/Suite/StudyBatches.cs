using PcActors.Data;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>The batches of labelled images that a study learns from, epoch by epoch. What does not fill a batch is left
/// out.</summary>
/// <param name="data">The images.</param>
/// <param name="size">Images a batch.</param>
/// <param name="orderOf">The order of the images in an epoch, counted from 0.</param>
internal sealed class StudyBatches(Dataset<float> data, int size, Func<int, int[]> orderOf)
{
    private int[] _order = [];
    private int _epoch = -1;

    /// <summary>This library's order.</summary>
    public StudyBatches(Dataset<float> data, int size, ulong seed)
        : this(data, size, epoch =>
        {
            int[] order = [.. Enumerable.Range(0, data.Count)];
            new SeededRandom(seed, "epoch", (ulong)epoch).Shuffle<int>(order);
            return order;
        })
    {
    }

    /// <summary>Batches an epoch.</summary>
    public int Count => data.Count / size;

    /// <summary>Writes a batch.</summary>
    /// <param name="step">Its number over all epochs, from 0.</param>
    /// <param name="images">Receives the pixels, [size, ...].</param>
    /// <param name="labels">Receives the labels: as one-hot vectors, [size, classes], or as numbers, [size].</param>
    public void Fill(int step, Tensor<float> images, Tensor<float> labels)
    {
        var (epoch, place) = Math.DivRem(step, Count);
        if (epoch != _epoch) (_order, _epoch) = (orderOf(epoch), epoch);
        Fill(data, _order.AsSpan(place * size, size), images, labels);
    }

    /// <summary>Writes images by their numbers.</summary>
    public static void Fill(
        Dataset<float> data, ReadOnlySpan<int> samples, Tensor<float> images, Tensor<float> labels)
    {
        var length = data.SampleShape.Length;
        labels.Writable.Clear();
        foreach (var (row, sample) in samples.ToArray().Index())
        {
            data.Features.Span.Slice(sample * length, length).CopyTo(images.Writable[(row * length)..]);
            if (labels.Shape.Rank == 1) labels.Writable[row] = data.Labels[sample];
            else labels.Writable[(row * data.ClassCount) + data.Labels[sample]] = 1;
        }
    }
}
