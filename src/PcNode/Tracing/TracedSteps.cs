using System.Numerics;
using PcActors.Learning;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Tracing;

/// <summary>Makes a few training steps, records every message, and audits them.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="tracing">Where to.</param>
/// <param name="payloads">Whether tensors are recorded.</param>
/// <param name="norms">Whether their norms are.</param>
/// <param name="terminal">Told how the cluster is, if it runs on one.</param>
/// <param name="cancellation">Ends the run between two steps.</param>
internal sealed class TracedSteps(
    Experiment experiment, NetworkTracing tracing, bool payloads, bool norms, Terminal terminal,
    CancellationToken cancellation)
    : IGenericWork<TraceReport>
{
    private readonly int _steps = experiment.Settings.Get(SettingCatalogue.TraceSteps);

    public async Task<TraceReport> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (built, batchesOf) = TestBed.Prepare<T>(experiment, terminal: terminal);
        await using var cluster = await ClusterSession.OpenAsync(experiment, built.Graph, terminal, cancellation)
            .ConfigureAwait(false);
        LearningReport.Tell(built.Source, terminal);
        LatentCount.Tell(experiment, built.Graph, terminal);
        var network = await tracing.StartAsync(experiment, built.Graph, cluster, null, payloads: payloads, norms: norms,
            cancellation: cancellation).ConfigureAwait(false);
        var (step, hash) = (0L, "");
        await using (network.ConfigureAwait(false))
        {
            var batches = batchesOf(network);
            var batch = network.NewBatch();
            for (; step < _steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                batches.Fill(step, batch);
                await network.StepAsync(batch).ConfigureAwait(false);
            }
            hash = Parameters.Sha256(built.Source.InOrder(await network.ParametersAsync().ConfigureAwait(false)));
        }
        return tracing.Audit(experiment, step, hash, cancellation);
    }
}
