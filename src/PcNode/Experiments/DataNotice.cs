using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Data;
using PcActors.Graphs;
using PcNode.Configuration;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>Says what was found in data files, and what a user may not expect of it.</summary>
internal static class DataNotice
{
    // One in so many may be left out of an epoch, and nobody need know.
    private const double LargestShare = 20;

    /// <summary>Tells it, before a run.</summary>
    public static void Tell<T>(Experiment experiment, DataSplit<T> data, Graph<T> graph, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (data.Notice is { } notice) terminal.Say(notice);
        if (data.Validation is { } validation)
            terminal.Say($"{data.Train.Count:#,0} samples to train on, {validation.Count:#,0} to validate, "
                + $"{data.Test.Count:#,0} to test; epochs are measured on the validation set, the test set once, at "
                + "the end");
        TellLeftOut(experiment, data.Train.Count, terminal);
        var (classes, target) = (data.Train.ClassCount, experiment.Feeding.Feed.Target);
        if (classes == 0 || !experiment.Loss.TakesTarget || !SampleArray<T>.IsTarget(data.Train, target)) return;
        if (graph.Root.Shape is { Rank: 2 } shape && shape[1] > classes)
            terminal.Say($"the data have {ClassLabels.CountOf(classes)}, and '{graph.Root.Name}' predicts {shape[1]}: "
                + $"no sample is of the other {shape[1] - classes}", LogLevel.Warning);
    }

    /// <summary>Batches are full: what is left of an epoch's order is left out of it.</summary>
    private static void TellLeftOut(Experiment experiment, int count, Terminal terminal)
    {
        var (batches, left) = Math.DivRem(count, experiment.Batch);
        var endsAnEpoch = experiment.Settings.Get(SettingCatalogue.Epochs) > 0
            && (experiment.Settings.Get(SettingCatalogue.Steps) ?? long.MaxValue) >= batches;
        if (!endsAnEpoch || left < count / LargestShare) return;
        terminal.Say($"{left:#,0} of {count:#,0} samples to train on do not fill a batch of {experiment.Batch}, and "
            + "are left out, in each epoch other ones"
            + (SizeFor(experiment, count) is { } size
                ? $"; {SettingCatalogue.Batch.OptionName} {size} leaves out none" : ""), LogLevel.Warning);
    }

    /// <summary>A batch not much smaller that the samples fill; null where there is none.</summary>
    private static int? SizeFor(Experiment experiment, int count)
    {
        if (experiment.Source is OnnxSource { Form.FixedBatch: > 1 }) return null;
        var parts = experiment.Micro * experiment.Replicas;
        for (var size = experiment.Batch - 1; size >= experiment.Batch / 2 && size > 0; size--)
        {
            if (count % size == 0 && size % parts == 0) return size;
        }
        return null;
    }
}
