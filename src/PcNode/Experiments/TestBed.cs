using System.Numerics;
using PcActors.Runs;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>Networks together with what they are verified and measured with: a data set, or
/// numbers drawn at random.</summary>
internal static class TestBed
{
    /// <summary>An experiment's network and its batches.</summary>
    /// <returns>The network, and what makes batches for one that runs it.</returns>
    /// <exception cref="UsageException">The network cannot be built.</exception>
    public static (BuiltNetwork<T> Network, Func<INetwork<T>, IBatches<T>> Batches) Prepare<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.VerifiesAtRandom)
        {
            var random = NetworkFactory.BuildForRandom<T>(experiment);
            return (random, _ => new RandomBatches<T>(random, experiment.Seed));
        }
        var data = NetworkFactory.LoadData<T>(experiment).Train;
        return (NetworkFactory.BuildFor(experiment, data),
            network => new DatasetBatches<T>(network, data, experiment.Seed));
    }
}
