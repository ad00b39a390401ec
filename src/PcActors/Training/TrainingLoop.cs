using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Trains a classifier on a data set, epoch by epoch, and measures its accuracy.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class TrainingLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly INetwork<T> _network;
    private readonly DataSplit<T> _data;
    private readonly TrainingOptions _options;
    private readonly BatchFeeder<T> _feeder;
    private readonly Batch<T>[] _batches;

    /// <summary>Checks that network and data fit.</summary>
    /// <param name="network">The network; it has one data leaf.</param>
    /// <param name="data">What it is trained and tested on.</param>
    /// <param name="options">How long, in which order.</param>
    /// <exception cref="DataException">The data do not fit the network, or the batch is larger than the training set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs or steps is negative.</exception>
    public TrainingLoop(INetwork<T> network, DataSplit<T> data, TrainingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Epochs, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxSteps ?? 0, nameof(options));
        (_network, _data, _options) = (network, data, options);
        // Two batches: one is filled while the network is at the other.
        _batches = [network.NewBatch(), network.NewBatch()];
        _feeder = new BatchFeeder<T>(network, data.Train, options.Seed);
        BatchFeeder<T>.RequireFit(network, _batches[0], data.Test);
    }

    /// <summary>Steps of the whole run.</summary>
    public long Steps => Math.Min((long)_options.Epochs * _feeder.BatchCount, _options.MaxSteps ?? long.MaxValue);

    /// <summary>Trains.</summary>
    /// <param name="progress">Told after every step and every epoch, by one thread at a time, not always the calling one.</param>
    /// <param name="cancellation">Ends the run after the steps at hand; the result says so.</param>
    public async Task<TrainingResult> RunAsync(
        Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var saver = _options.Checkpoints is not { } plan ? null
            : new CheckpointSaver<T>(_network, plan, _options.Resumed?.Step, _options.Time);
        try
        {
            var run = new Run(this, saver, progress, cancellation);
            while (run.Step < Steps && !cancellation.IsCancellationRequested && await run.EpochAsync().ConfigureAwait(false))
                await run.TestAsync().ConfigureAwait(false);
            // Asked for before the test at the end: in a longer run that test is not.
            if (saver is not null) await saver.EndAsync(run.State).ConfigureAwait(false);
            // Whoever has stopped the run waits for what is saved, and not for a test.
            if (saver is not null && cancellation.IsCancellationRequested) await saver.WaitAsync().ConfigureAwait(false);
            var result = await run.EndAsync().ConfigureAwait(false);
            if (saver is null) return result;
            await saver.WaitAsync().ConfigureAwait(false);
            return result with { SavedStep = saver.Saved };
        }
        finally
        {
            if (saver is not null) await saver.AbandonAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The share of the test set whose largest output is at the label.</summary>
    public async Task<double> TestAccuracyAsync()
    {
        var test = _data.Test;
        var batch = _batches[0];
        var length = test.SampleShape.Length;
        var right = 0;
        for (var start = 0; start < test.Count; start += batch.Size)
        {
            // A graph has one batch size. The last batch is filled up with its own samples, over and over, and those outputs are not
            // counted: where they come out even, the moments of a batch normalisation that takes its batch's are those of the rest.
            var count = Math.Min(batch.Size, test.Count - start);
            var rest = test.Features.Span.Slice(start * length, count * length);
            for (var row = 0; row < batch.Size; row += count)
            {
                var rows = Math.Min(count, batch.Size - row);
                rest[..(rows * length)].CopyTo(batch.Inputs[0].Writable[(row * length)..]);
            }
            var prediction = await _network.PredictAsync(batch).ConfigureAwait(false);
            for (var i = 0; i < count; i++)
            {
                if (LargestOf(prediction, i) == test.Labels[start + i]) right++;
            }
        }
        return (double)right / test.Count;
    }

    /// <summary>The oldest pending step's result. When it fails, the one queued behind it fails too and has to be observed.</summary>
    private static async Task<StepResult> NextResult(Queue<Task<StepResult>> pending)
    {
        try
        {
            return await pending.Dequeue().ConfigureAwait(false);
        }
        catch (Exception)
        {
            await Task.WhenAll(pending).ContinueWith(t => t.Exception, TaskScheduler.Default).ConfigureAwait(false);
            throw;
        }
    }

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
