using System.Numerics;
using PcActors.Data;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Loads an experiment's data set.</summary>
internal static class ExperimentData
{
    /// <summary>The experiment's data set, standardised as the experiment has it.</summary>
    /// <exception cref="DataException">It is missing or wrong.</exception>
    /// <exception cref="UsageException">The batch is larger than it.</exception>
    public static DataSplit<T> LoadStandardized<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Standardized(experiment, LoadData<T>(experiment));

    /// <summary>A data set as the experiment standardises it.</summary>
    public static DataSplit<T> Standardized<T>(Experiment experiment, DataSplit<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        data.Standardized(experiment.Standardize.Given ?? Standardization.Of(data.Train, experiment.Standardize.Kind));

    /// <summary>The experiment's data set as it is, to train on.</summary>
    /// <exception cref="DataException">It is missing or wrong.</exception>
    /// <exception cref="UsageException">The batch is larger than it.</exception>
    public static DataSplit<T> LoadData<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var data = LoadSamples<T>(experiment);
        if (experiment.Batch > data.Train.Count)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Batch)}: a batch of {experiment.Batch} samples is "
                + "larger than the " +
                $"training set, {data.Train.Name}, which has {data.Train.Count}");
        }
        return data;
    }

    /// <summary>The experiment's data set as it is, of any size.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <exception cref="DataException">It is missing or wrong.</exception>
    public static DataSplit<T> LoadSamples<T>(Experiment experiment)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Load<T>(experiment, isForUse: false, isWhole: false);

    /// <summary>The experiment's data set as it is, for a network that is used and not trained.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="isWhole">Whether all samples of the files are wanted: none is set apart for validation, and not
    /// the first ones alone are taken, unless the command line says so.</param>
    /// <exception cref="DataException">It is missing or wrong.</exception>
    public static DataSplit<T> LoadForUse<T>(Experiment experiment, bool isWhole)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Load<T>(experiment, isForUse: true, isWhole);

    private static DataSplit<T> Load<T>(Experiment experiment, bool isForUse, bool isWhole)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (experiment.Data == ValueTypes.RandomData)
        {
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Data)}: random samples are for verify, trace, "
                + "diagnose, bench and paper; give a data set");
        }
        var options = experiment.Feeding.OptionsFor(experiment.Source) with
        {
            ClassNames = experiment.ClassNames,
            LeastClasses = experiment.ClassesOfWeights,
            IsForUse = isForUse,
        };
        if (isWhole) options = options with { Validation = null, IsWhole = true };
        var data = DatasetLoader.Load<T>(experiment.Data, options);
        experiment.FeaturesAreWhole = options.AsTheyAre.Contains(Feed.Features)
            || options.AsTheyAre.Contains(data.Train.FeaturesName);
        if (experiment.FeaturesAreWhole
            && experiment.Standardize is not { Kind: StandardizationKind.None, Given: null })
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Standardize)}: the features go to an input of whole "
                + "numbers, which are not standardised; give none");
        return isWhole && !experiment.Settings.IsOnCommandLine(SettingCatalogue.Samples) ? data
            : experiment.Feeding.Take(data);
    }
}
