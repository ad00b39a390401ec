using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Measures the share of a test set that a network classifies rightly.</summary>
/// <remarks>A graph has one batch size. A micro-batch that the test set does not fill is filled up with
/// its own samples, over and over, whose further outputs are not counted. Where they come out even, moments over the
/// micro-batch are those over its samples. Else a network whose prediction for a sample depends on those beside it
/// would have another accuracy with another batch size, which is told.</remarks>
/// <param name="network">The network; it has one data leaf.</param>
/// <param name="test">The test set.</param>
/// <param name="batch">A batch to fill.</param>
/// <param name="notice">Told, once, what is not as one would think.</param>
internal sealed class TestAccuracy<T>(INetwork<T> network, Dataset<T> test, Batch<T> batch, Action<string>? notice)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _rows = batch.Size / batch.MicroBatches;
    private readonly int _length = test.SampleShape.Length;
    private bool _hasLooked;

    /// <summary>The share whose largest output is at the label.</summary>
    public async Task<double> MeasureAsync()
    {
        if (!_hasLooked) Look();
        _hasLooked = true;
        var right = 0;
        for (var start = 0; start < test.Count; start += batch.Size)
        {
            for (var micro = 0; micro < batch.MicroBatches; micro++)
            {
                // A micro-batch for which nothing is left has what the first one has.
                var first = start + (micro * _rows) is var own && own < test.Count ? own : start;
                Fill(batch.Input(0, micro), first, Math.Min(_rows, test.Count - first));
            }
            var prediction = await network.PredictAsync(batch).ConfigureAwait(false);
            for (var i = 0; i < Math.Min(batch.Size, test.Count - start); i++)
            {
                if (LargestOf(prediction, i) == test.Labels[start + i]) right++;
            }
        }
        return (double)right / test.Count;
    }

    private void Look()
    {
        var rest = test.Count % _rows;
        if (notice is null || rest == 0 || _rows % rest == 0) return;
        var (one, other) = (new Tensor<T>(batch.Input(0, 0).Shape), new Tensor<T>(batch.Input(0, 0).Shape));
        Fill(one, test.Count - rest, rest);
        one.Span.CopyTo(other.Writable);
        // Behind the rest: the last of its samples alone.
        for (var row = rest; row < _rows; row++) Sample(test.Count - 1).CopyTo(other.Writable[(row * _length)..]);
        if (RowDependence.Find(network.Graph, one, other, rest) is not { } vertex) return;
        notice(
            $"the last {rest} of {test.Count} samples do not fill a batch of {_rows}, and at the vertex '{vertex}' "
            + "the prediction for a sample depends on those beside it: "
            + $"the batch is filled up by repeating these {rest}; a batch size that {rest} divides would be exact");
    }

    private void Fill(Tensor<T> input, int first, int count)
    {
        for (var row = 0; row < _rows; row++) Sample(first + (row % count)).CopyTo(input.Writable[(row * _length)..]);
    }

    private ReadOnlySpan<T> Sample(int index) => test.Features.Span.Slice(index * _length, _length);

    private static int LargestOf(Tensor<T> prediction, int sample)
    {
        var row = prediction.Rows(sample, 1).Span;
        var best = 0;
        for (var c = 1; c < row.Length; c++)
        {
            if (row[c] > row[best]) best = c;
        }
        return best;
    }
}
