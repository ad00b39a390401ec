using System.Numerics;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcNode.Cluster;
using PcNode.Output;
using PcNode.Reports;
using PcNode.Experiments;

namespace PcNode.Tracing;

/// <summary>Traces an experiment's runs into a file, and audits what is in it.</summary>
/// <param name="path">The trace file.</param>
/// <param name="terminal">Where complaints go.</param>
/// <param name="isKept">Whether the user knows of the file.</param>
internal sealed class NetworkTracing(string path, Terminal terminal, bool isKept = true)
{
    /// <summary>The trace file.</summary>
    public string Path => path;

    /// <summary>Refuses a file that cannot be written, and a rule that sends no messages.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="origin">What names the file to the user.</param>
    /// <exception cref="UsageException">It is refused.</exception>
    public void Require(Experiment experiment, string origin)
    {
        if (experiment.LearningRule is null)
            throw new UsageException($"{origin}: sequential backpropagation sends no messages that could be traced; give --rule zil or il");
        AtomicFile.Require(path, origin);
        experiment.RequireIsNoInput(path, origin);
    }

    /// <summary>Starts the experiment's network, traced.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="cluster">Where it runs; null for this process.</param>
    /// <param name="payloads">Whether tensors are recorded.</param>
    /// <param name="norms">Whether their norms are.</param>
    /// <param name="cancellation">Ends the waiting for the cluster.</param>
    /// <exception cref="UsageException">The file cannot be created.</exception>
    public async Task<ITracedNetwork<T>> StartAsync<T>(
        Experiment experiment, Graph<T> graph, ClusterSession? cluster, bool payloads = false, bool norms = false, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new TraceOptions
        {
            Output = Create(),
            OutputName = path,
            Model = experiment.Model,
            Payloads = payloads,
            Norms = norms,
            OnTrouble = Complain,
        };
        return cluster is null
            ? TracedSimulation<T>.Start(graph, NetworkFactory.Options(experiment), options)
            : await cluster.StartTracedAsync(experiment, graph, options, cancellation).ConfigureAwait(false);
    }

    /// <summary>Audits the trace that a network has left behind.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="network">The network, disposed of.</param>
    /// <param name="steps">Training steps made.</param>
    /// <param name="weightsSha256">Hash of all parameters afterwards.</param>
    /// <param name="cancellation">Ends the audit.</param>
    public TraceReport Audit<T>(
        Experiment experiment, ITracedNetwork<T> network, long steps, string weightsSha256, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AuditResult? audit = null;
        NodesAtWork? nodes = null;
        var failure = network.Failure?.Message;
        if (failure is null)
        {
            try
            {
                using var reader = TraceReader.Open(path);
                audit = TraceAudit.Run(reader.Header, reader.Records(cancellation));
                if (network is TracedClusterSimulation<T>)
                {
                    using var again = TraceReader.Open(path);
                    nodes = NodesAtWork.Of(again.Records(cancellation));
                }
            }
            catch (TraceException e)
            {
                // The run has ended well; that its trace has gone is told beside its result.
                Complain(failure = e.Message);
            }
        }
        return new TraceReport(experiment, isKept ? path : null, steps, weightsSha256, network.Totals, failure, audit, nodes);
    }

    private Stream Create()
    {
        try
        {
            return TraceFile.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be written: {e.Message}");
        }
    }

    // Both complaints and progress go there, from several threads.
    private void Complain(string trouble)
    {
        lock (terminal) terminal.Say($"pcnode: {trouble.ReplaceLineEndings(" ")}");
    }
}
