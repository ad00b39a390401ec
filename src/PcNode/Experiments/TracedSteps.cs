using System.Numerics;
using PcActors.Learning;
using PcActors.Tracing;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>What came of tracing some steps.</summary>
/// <param name="Steps">Training steps made.</param>
/// <param name="Totals">What was recorded.</param>
/// <param name="WeightsSha256">Hash of all parameters afterwards.</param>
/// <param name="Failure">Why the trace was abandoned; null when it was not.</param>
internal sealed record TracedStepsResult(long Steps, TraceTotals Totals, string WeightsSha256, Exception? Failure);

/// <summary>Makes a few training steps and records every message.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="tracing">Where to.</param>
/// <param name="payloads">Whether tensors are recorded.</param>
/// <param name="norms">Whether their norms are.</param>
/// <param name="cancellation">Ends the run between two steps.</param>
internal sealed class TracedSteps(
    Experiment experiment, NetworkTracing tracing, bool payloads, bool norms, CancellationToken cancellation)
    : IGenericWork<TracedStepsResult>
{
    public async Task<TracedStepsResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (built, batchesOf) = TestBed.Prepare<T>(experiment);
        var network = tracing.Start(experiment, built.Graph, payloads, norms);
        var (step, hash) = (0L, "");
        await using (network.ConfigureAwait(false))
        {
            var batches = batchesOf(network);
            var batch = network.NewBatch();
            for (var steps = experiment.Settings.Get(SettingCatalogue.TraceSteps); step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                batches.Fill(step, batch);
                await network.StepAsync(batch).ConfigureAwait(false);
            }
            hash = Parameters.Sha256(built.Source.InOrder(await network.ParametersAsync().ConfigureAwait(false)));
        }
        return new TracedStepsResult(step, network.Totals, hash, network.Failure);
    }
}
