using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Graphs;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Says what was found in data files, and what a user may not expect of it.</summary>
internal static class DataNotice
{
    /// <summary>Tells it, before a run.</summary>
    public static void Tell<T>(Experiment experiment, DataSplit<T> data, Graph<T> graph, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (data.Notice is { } notice) terminal.Say(notice);
        if (data.Validation is { } validation)
            terminal.Say($"{data.Train.Count:#,0} samples to train on, {validation.Count:#,0} to validate, "
                + $"{data.Test.Count:#,0} to test; epochs are measured on the validation set, the test set once, at "
                + "the end");
        var (classes, target) = (data.Train.ClassCount, experiment.Feeding.Feed.Target);
        if (classes == 0 || !experiment.Loss.TakesTarget || !SampleArray<T>.IsTarget(data.Train, target)) return;
        if (graph.Root.Shape is { Rank: 2 } shape && shape[1] > classes)
            terminal.Say($"the data have {classes} classes, and '{graph.Root.Name}' predicts {shape[1]}: no sample is "
                + $"of the other {shape[1] - classes}", LogLevel.Warning);
    }
}
