using System.Numerics;
using PcActors.Learning;
using PcActors.Runs;
using PcNode.Configuration;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Networks together with what they are verified and measured with: a data set, or
/// numbers drawn at random.</summary>
internal static class TestBed
{
    /// <summary>An experiment's network and its batches.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="form">What the network is for; null for what the experiment says.</param>
    /// <param name="parameters">Values in place of the initial ones; null for none.</param>
    /// <param name="terminal">Told what was found in the data; null for nobody.</param>
    /// <returns>The network, and what makes batches for one that runs it.</returns>
    /// <exception cref="UsageException">The network cannot be built, or it is not for these data.</exception>
    public static (BuiltNetwork<T> Network, Func<INetwork<T>, IBatches<T>> Batches) Prepare<T>(
        Experiment experiment, DataForm? form = null, IReadOnlyList<NamedTensor<T>>? parameters = null,
        Terminal? terminal = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.VerifiesAtRandom)
        {
            var random = ExperimentGraphs.BuildForRandom(experiment, form, parameters);
            experiment.Feeding.Require(experiment, random);
            if (experiment.Settings.IsOnCommandLine(SettingCatalogue.Samples))
                throw new UsageException(
                    $"{SettingCatalogue.Samples.OptionName}: samples are drawn here; give a data set with --data");
            return (random, _ => new RandomBatches<T>(random, experiment.Seed));
        }
        var split = ExperimentData.LoadStandardized<T>(experiment);
        if (split.Notice is { } notice) terminal?.Say(notice);
        var data = split.Train;
        var found = DataForm.Of(data);
        if (form is not null && (!form.SampleShape.Equals(found.SampleShape) || form.ClassCount != found.ClassCount))
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Data)}: the network takes samples of "
                + $"{form.SampleShape} and has {form.ClassCount} classes; {data.Name} has {data.SampleShape} and "
                + $"{found.ClassCount}");
        var built = ExperimentGraphs.BuildFor(experiment, found, parameters);
        experiment.Feeding.Require(experiment, built);
        WholeNumbers.Require(experiment, built, data);
        return (built, network => new DatasetBatches<T>(network, data, experiment.Feeding.Feed, experiment.Seed));
    }
}
