using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Training;

namespace PcNode.Suite;

/// <summary>Trains a network on labelled images, with one-hot targets.</summary>
/// <param name="network">The network; it has one data leaf.</param>
/// <param name="data">What it learns from and is tested on.</param>
/// <param name="batches">The batches that it learns from.</param>
internal sealed class Classifier(INetwork<float> network, DataSplit<float> data, StudyBatches batches)
{
    private readonly Batch<float> _batch = network.NewBatch();

    /// <summary>In this library's order of batches.</summary>
    public Classifier(INetwork<float> network, DataSplit<float> data, int batchSize, int seed)
        : this(network, data, new StudyBatches(data.Train, batchSize, (ulong)seed))
    {
    }

    /// <summary>Steps an epoch.</summary>
    public int StepsPerEpoch => batches.Count;

    /// <summary>Makes training steps from step <paramref name="first"/> on, counted from 0.</summary>
    public async Task TrainAsync(int first, int count, CancellationToken cancellation)
    {
        for (var step = first; step < first + count; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            batches.Fill(step, _batch.Inputs[0], _batch.Target);
            await network.StepAsync(_batch).WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The share of test images whose largest output is at the label.</summary>
    public async Task<double> AccuracyAsync(CancellationToken cancellation)
    {
        var measure = new TestMeasure<float>(network, data.Test, Feed.Default, network.NewBatch(), null);
        return (await measure.MeasureAsync().WaitAsync(cancellation).ConfigureAwait(false)).Accuracy;
    }

    /// <summary>The hash of all parameters.</summary>
    public async Task<string> HashAsync() =>
        Parameters.Sha256(await network.ParametersAsync().ConfigureAwait(false));
}
