using System.Globalization;
using System.Numerics;
using PcActors.Cluster;
using PcActors.Data;
using PcActors.Graphs;
using PcNode.Configuration;
using PcNode.Networks;

namespace PcNode.Experiments;

/// <summary>What is told, in an exported file, of what was done to its parameters.</summary>
internal static class ExportHistory
{
    /// <summary>It.</summary>
    /// <param name="experiment">How they learnt.</param>
    /// <param name="graph">The network, as its source has it.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="weightsSha256">Their digest.</param>
    /// <param name="standardization">What was done to features; null for nothing.</param>
    /// <param name="classNames">The classes' names, in their order; null where they have none.</param>
    public static ExportNotes Of<T>(Experiment experiment, Graph<T> graph, long steps, string weightsSha256,
        Standardization? standardization, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["pcactors.version"] = ClusterNode.ThisVersion,
            ["pcactors.rule"] = WrittenTexts.Of(experiment.Settings, SettingCatalogue.Rule),
            ["pcactors.loss"] = experiment.Loss.Values.ToString().TrimEnd(':'),
            ["pcactors.optimizer"] = experiment.Optimizer.Values.ToString().TrimEnd(':'),
            ["pcactors.steps"] = steps.ToString(CultureInfo.InvariantCulture),
            [ExportNotes.WeightsKey] = weightsSha256,
        };
        // A model that standardises already keeps what it says of that.
        if (standardization is not null || !experiment.Source.HasStandardization)
            metadata[ExportNotes.StandardizationKey] = standardization?.ToString() ?? ExportNotes.Nothing;
        if (classNames is not null) metadata[ExportNotes.ClassNamesKey] = ClassLabels.NamesToJson(classNames);
        var features = standardization?.FeaturesName;
        return new ExportNotes(metadata, standardization, experiment.Feeding.FeatureInputs(graph, features),
            experiment.Feeding.PredictsFeatures(features));
    }
}
