using PcActors.Data;
using PcActors.Runs;

namespace PcActors.Training;

/// <summary>How long and in which order a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Which array of the data set each vertex gets; features to the only data leaf and labels to the root by
    /// default.</summary>
    public Feed Feed { get; init; } = Feed.Default;

    /// <summary>How features are standardised, by numbers of the training set: all together by default. A run that goes
    /// on from another has that one's numbers.</summary>
    public StandardizationKind Standardize { get; init; } = StandardizationKind.All;

    /// <summary>Numbers by which they are standardised in place of the training set's; null for these.</summary>
    public Standardization? Standardization { get; init; }

    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Steps after which training ends, in the middle of an epoch if need be;
    /// null for no such limit.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Whether the weights of the epoch with the best score on the validation set, or without one on the test
    /// set, are kept, and are the run's in the end.</summary>
    public bool KeepsBest { get; init; }

    /// <summary>Early stopping: after how many epochs without a better score training ends; the best
    /// epoch's weights are kept. Null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Seed of the shuffling.</summary>
    public ulong Seed { get; init; }

    /// <summary>When checkpoints are saved; null for never.</summary>
    public CheckpointPlan? Checkpoints { get; init; }

    /// <summary>The clock by which checkpoints are due.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told in a sentence, once, when the accuracy on the test set depends on the size of the batch.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Told what each step came to, in their order.</summary>
    public Action<StepResult>? Watch { get; init; }

    /// <summary>Where an earlier run was, which this one goes on from; the network goes on from
    /// the same checkpoint.</summary>
    public TrainingState? Resumed { get; init; }
}

/// <summary>Where a training run is.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">All of them.</param>
/// <param name="Step">Steps done, over all epochs.</param>
/// <param name="Steps">All steps.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="TestAccuracy">Share of the test set that is classified rightly, known when an epoch has ended; NaN then
/// where a loss is measured. Null where epochs are measured on a validation set.</param>
/// <param name="Elapsed">Time spent on training steps, without evaluation; that of earlier runs which this one
/// goes on from is in it.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long Step, long Steps, double Loss, double? TestAccuracy, TimeSpan Elapsed)
{
    /// <summary>The loss on the test set, known when an epoch has ended; NaN then where the accuracy is
    /// measured. Null where epochs are measured on a validation set.</summary>
    public double? TestLoss { get; init; }

    /// <summary>The score on the validation set, known when an epoch has ended; null where there is none.</summary>
    public TestScore? Validation { get; init; }

    /// <summary>The score of an epoch that has ended, on whichever set; null within one.</summary>
    public TestScore? Score => Validation
        ?? (TestAccuracy is { } accuracy ? new TestScore(accuracy, TestLoss ?? double.NaN) : null);

    /// <summary>What the inferences of the epoch have come to so far.</summary>
    public InferenceTally Inference { get; init; } = InferenceTally.None;
}

/// <summary>What a training run came to.</summary>
/// <param name="Epochs">Epochs that were completed.</param>
/// <param name="Steps">Steps that were done.</param>
/// <param name="Loss">Mean loss of the best epoch where that is kept, else of the last one, as far as it got; NaN
/// without a step.</param>
/// <param name="TestAccuracy">Share of the test set that is classified rightly, 0 to 1, by the best epoch's weights
/// where they are kept. NaN where a loss is measured.</param>
/// <param name="Elapsed">Time spent on training steps.</param>
/// <param name="IsInterrupted">Whether it was stopped before its end.</param>
/// <param name="SavedStep">The step of the last checkpoint that is there at the end; null when none is,
/// or none was asked for.</param>
/// <param name="Best">The epoch whose weights are the run's; null where none are kept, or no epoch has ended.</param>
/// <param name="IsStoppedEarly">Whether it ended because no epoch was better for so long.</param>
public sealed record TrainingResult(
    int Epochs, long Steps, double Loss, double TestAccuracy, TimeSpan Elapsed, bool IsInterrupted,
    long? SavedStep = null, BestEpoch? Best = null, bool IsStoppedEarly = false)
{
    /// <summary>The loss on the test set; NaN where the accuracy is measured.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>The score on the validation set: that of the best epoch where that is kept; null where there is no such
    /// set.</summary>
    public TestScore? Validation { get; init; }

    /// <summary>What the inferences of the last epoch came to, as far as it got.</summary>
    public InferenceTally Inference { get; init; } = InferenceTally.None;
}
