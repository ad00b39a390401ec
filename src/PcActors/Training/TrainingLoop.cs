using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Training;

/// <summary>Trains a classifier on a data set, epoch by epoch, and measures its accuracy.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class TrainingLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly INetwork<T> _network;
    private readonly TrainingOptions _options;
    private readonly BatchFeeder<T> _feeder;
    private readonly Batch<T>[] _batches;
    private readonly TestAccuracy<T> _accuracy;

    /// <summary>Checks that network and data fit.</summary>
    /// <param name="network">The network; it has one data leaf.</param>
    /// <param name="data">What it is trained and tested on.</param>
    /// <param name="options">How long, in which order.</param>
    /// <exception cref="DataException">The data do not fit the network, or the batch is larger than
    /// the training set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs or steps is negative.</exception>
    public TrainingLoop(INetwork<T> network, DataSplit<T> data, TrainingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Epochs, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxSteps ?? 0, nameof(options));
        (_network, _options) = (network, options);
        // Two batches: one is filled while the network is at the other.
        _batches = [network.NewBatch(), network.NewBatch()];
        _feeder = new BatchFeeder<T>(network, data.Train, options.Seed);
        BatchFeeder<T>.RequireFit(network, _batches[0], data.Test);
        _accuracy = new TestAccuracy<T>(network, data.Test, _batches[0], options.Notice);
    }

    /// <summary>Steps of the whole run.</summary>
    public long Steps => Math.Min((long)_options.Epochs * _feeder.BatchCount, _options.MaxSteps ?? long.MaxValue);

    /// <summary>Trains.</summary>
    /// <param name="progress">Told after every step and every epoch, by one thread at a time, not
    /// always the calling one.</param>
    /// <param name="cancellation">Ends the run after the steps at hand; the result says so.</param>
    public async Task<TrainingResult> RunAsync(
        Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var saver = _options.Checkpoints is not { } plan ? null
            : new CheckpointSaver<T>(_network, plan, _options.Resumed?.Step, _options.Time);
        try
        {
            var run = new Run(this, saver, progress, cancellation);
            while (run.Step < Steps && !cancellation.IsCancellationRequested
                && await run.EpochAsync().ConfigureAwait(false))
                await run.TestAsync().ConfigureAwait(false);
            // Asked for before the test at the end: in a longer run that test is not.
            if (saver is not null) await saver.EndAsync(run.State).ConfigureAwait(false);
            // Whoever has stopped the run waits for what is saved, and not for a test.
            if (saver is not null && cancellation.IsCancellationRequested)
                await saver.WaitAsync().ConfigureAwait(false);
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
    public Task<double> TestAccuracyAsync() => _accuracy.MeasureAsync();

    /// <summary>The oldest pending step's result. When it fails, the one queued behind it fails too and
    /// has to be observed.</summary>
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
}
