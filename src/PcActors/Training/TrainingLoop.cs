using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Trains a network on a data set, epoch by epoch, and measures it: a classifier, or whatever a feed makes of
/// it.</summary>
/// <remarks>Epochs are measured on the validation set, where there is one, and the test set once, at the end; else
/// epochs are measured on the test set.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class TrainingLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly INetwork<T> _network;
    private readonly TrainingOptions _options;
    private readonly BatchFeeder<T> _feeder;
    private readonly Batch<T>[] _batches;
    private readonly TestMeasure<T> _measure;
    private readonly TestMeasure<T> _test;
    private readonly Dataset<T> _testSet;
    private IReadOnlyDictionary<string, Tensor<T>>? _best;
    private MessageCounts? _ofTest;

    /// <summary>Checks that network and data fit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">What it is trained and tested on.</param>
    /// <param name="options">How long, in which order.</param>
    /// <param name="best">Of a run that goes on and keeps its best weights: <see cref="NetworkSnapshot{T}.Best"/> of
    /// the checkpoint.</param>
    /// <exception cref="DataException">The data do not fit the network, or the batch is larger than
    /// the training set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs or steps is negative, or that of early
    /// stopping is not positive.</exception>
    /// <exception cref="ArgumentException">The best weights are to be kept, and the run that goes on has not kept
    /// them; or the feed is of vertices that get no array.</exception>
    public TrainingLoop(
        INetwork<T> network, DataSplit<T> data, TrainingOptions options,
        IReadOnlyDictionary<string, Tensor<T>>? best = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Patience ?? 1, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Epochs, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxSteps ?? 0, nameof(options));
        (_network, _options) = (network, options);
        if (KeepsBest && options.Resumed is { } resumed)
        {
            if (resumed.Best is null ? resumed.Score.IsKnown : best is null)
                throw new ArgumentException("the run that goes on has not kept its best weights", nameof(options));
            _best = resumed.Best is null ? null : best;
        }
        // Two batches: one is filled while the network is at the other.
        _batches = [network.NewBatch(), network.NewBatch()];
        // What nobody takes need not be said to be standardised.
        var takesFeatures = new FedArrays<T>(options.Feed, network.Graph, _batches[0], data.Train).TakesFeatures;
        Standardization = options.Resumed is { SaysStandardization: true } state ? state.Standardization
            : !takesFeatures ? null
            : options.Standardization?.For(data.Train.FeaturesName)
                ?? Standardization.Of(data.Train, options.Standardize);
        Data = data.Standardized(Standardization);
        _testSet = Data.Test;
        _feeder = new BatchFeeder<T>(network, Data.Train, options.Feed, options.Seed);
        _test = new TestMeasure<T>(network, Data.Test, options.Feed, _batches[0], options.Notice);
        _measure = Data.Validation is { } validation
            ? new TestMeasure<T>(network, validation, options.Feed, _batches[0], options.Notice)
            : _test;
    }

    /// <summary>What is done to the data's features; null for nothing. It is a part of the model: whoever predicts with
    /// the network does the same.</summary>
    public Standardization? Standardization { get; }

    /// <summary>The data as the network takes them.</summary>
    public DataSplit<T> Data { get; }

    /// <summary>Steps of the whole run.</summary>
    public long Steps => Math.Min((long)_options.Epochs * _feeder.BatchCount, _options.MaxSteps ?? long.MaxValue);

    /// <summary>Whether the best epoch's weights are kept.</summary>
    private bool KeepsBest => _options.KeepsBest || _options.Patience is not null;

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
            while (run.Step < Steps && !run.IsStoppedEarly && !cancellation.IsCancellationRequested
                && await run.EpochAsync().ConfigureAwait(false))
                await run.TestAsync().ConfigureAwait(false);
            // Asked for before the test at the end: in a longer run that test is not.
            if (saver is not null) await saver.EndAsync(run.State, _best).ConfigureAwait(false);
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

    /// <summary>The parameters that the run has come to, whole (blocks are joined), in graph order: those of the best
    /// epoch where they are kept, else the network's.</summary>
    public async Task<IReadOnlyList<NamedTensor<T>>> ParametersAsync() => _best is { } best
        ? Parameters.Join(_network.RunGraph, id => best[_network.RunGraph.Vertices[id].Name])
        : await _network.ParametersAsync().ConfigureAwait(false);

    /// <summary>Messages of the run so far, those of a test with the best epoch's weights with them.</summary>
    internal async Task<MessageCounts> CountMessagesAsync()
    {
        var counts = await _network.CountMessagesAsync().ConfigureAwait(false);
        return _ofTest is { } further
            ? new MessageCounts(counts.Values + further.Values, counts.Errors + further.Errors) : counts;
    }

    /// <summary>What is measured on the test set.</summary>
    public TestMeasureKind Measure => _measure.Kind;

    /// <summary>Measures the network on the test set.</summary>
    public Task<TestScore> TestAsync() => _test.MeasureAsync();

    /// <summary>Whether epochs are measured on a validation set.</summary>
    public bool Validates => _measure != _test;

    /// <summary>Measures what the run has come to on the test set: the best epoch's weights, where they are
    /// kept.</summary>
    private async Task<TestScore> TestEndAsync()
    {
        if (_best is null || _network is not Network<T> network) return await TestAsync().ConfigureAwait(false);
        var before = await network.CountMessagesAsync().ConfigureAwait(false);
        await using var best = await network.CopyAsync(_best).ConfigureAwait(false);
        var score = await new TestMeasure<T>(best, _testSet, _options.Feed, best.NewBatch(), _options.Notice)
            .MeasureAsync().ConfigureAwait(false);
        // A copy has counted what was before it.
        var after = await best.CountMessagesAsync().ConfigureAwait(false);
        _ofTest = new MessageCounts(after.Values - before.Values, after.Errors - before.Errors);
        return score;
    }

    /// <summary>The share of the test set that is classified rightly; NaN where a loss is measured.</summary>
    public async Task<double> TestAccuracyAsync() => (await TestAsync().ConfigureAwait(false)).Accuracy;

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
