namespace PcActors.Training;

/// <summary>How long and in which order a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training set.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Steps after which training ends, in the middle of an epoch if need be;
    /// null for no such limit.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Seed of the shuffling.</summary>
    public ulong Seed { get; init; }

    /// <summary>When checkpoints are saved; null for never.</summary>
    public CheckpointPlan? Checkpoints { get; init; }

    /// <summary>The clock by which checkpoints are due.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told in a sentence, once, when the accuracy on the test set depends on the size of the batch.</summary>
    public Action<string>? Notice { get; init; }

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
/// <param name="TestAccuracy">Share of the test set that is classified rightly, known when an epoch has ended.</param>
/// <param name="Elapsed">Time spent on training steps, without evaluation; that of earlier runs which this one
/// goes on from is in it.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long Step, long Steps, double Loss, double? TestAccuracy, TimeSpan Elapsed);

/// <summary>What a training run came to.</summary>
/// <param name="Epochs">Epochs that were completed.</param>
/// <param name="Steps">Steps that were done.</param>
/// <param name="Loss">Mean loss of the last epoch, as far as it got; NaN without a step.</param>
/// <param name="TestAccuracy">Share of the test set that is classified rightly, 0 to 1.</param>
/// <param name="Elapsed">Time spent on training steps.</param>
/// <param name="IsInterrupted">Whether it was stopped before its end.</param>
/// <param name="SavedStep">The step of the last checkpoint that is there at the end; null when none is,
/// or none was asked for.</param>
public sealed record TrainingResult(
    int Epochs, long Steps, double Loss, double TestAccuracy, TimeSpan Elapsed, bool IsInterrupted,
    long? SavedStep = null);
