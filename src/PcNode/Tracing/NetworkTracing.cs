using System.Numerics;
using Microsoft.Extensions.Logging;
using PcActors.Files;
using PcActors.Graphs;
using PcActors.Runs;
using PcActors.Tracing;
using PcActors.Tracing.Audit;
using PcActors.Tracing.Format;
using PcNode.Cluster;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Tracing;

/// <summary>Traces an experiment's runs into a file, and audits what is in it.</summary>
internal sealed class NetworkTracing(string path, Terminal terminal, bool isKept = true)
{
    private TraceRecording? _recording;
    private bool _isOnNodes;
    private bool _isNew;
    private long _start;

    /// <summary>The trace file.</summary>
    public string Path => path;

    /// <summary>Refuses a file that cannot be written, and a rule that sends no messages.</summary>
    /// <exception cref="UsageException">It is refused.</exception>
    public void Require(Experiment experiment, string origin)
    {
        if (experiment.LearningRule is null)
            throw new UsageException(
                $"{origin}: sequential backpropagation sends no messages that could be traced; give --rule zil or il");
        experiment.RequireWritable(path, origin);
    }

    /// <summary>Starts the experiment's network, traced.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="cluster">Where it runs; null for this process.</param>
    /// <param name="restored">What it goes on from, in place of initial values.</param>
    /// <param name="withEnergies">Whether steps report the energies of all vertices and timesteps.</param>
    /// <param name="payloads">Whether tensors are recorded.</param>
    /// <param name="norms">Whether their norms are.</param>
    /// <param name="cancellation">Ends the waiting for the cluster.</param>
    /// <exception cref="RunFailedException">The file cannot be created.</exception>
    public async Task<INetwork<T>> StartAsync<T>(
        Experiment experiment, Graph<T> graph, ClusterSession? cluster, NetworkSnapshot<T>? restored = null,
        bool withEnergies = false, bool payloads = false, bool norms = false,
        CancellationToken cancellation = default)
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
        (_start, _isOnNodes, _recording) = (restored?.Step ?? 0, cluster is not null, new TraceRecording(options));
        return await NetworkFactory.StartAsync(experiment, graph, cluster?.Where, restored, _recording, withEnergies,
            cancellation: cancellation).ConfigureAwait(false);
    }

    /// <summary>Audits the trace that the network has left behind, once it has been disposed of.</summary>
    public TraceReport Audit(Experiment experiment, long steps, string weightsSha256,
        CancellationToken cancellation = default)
    {
        AuditResult? audit = null;
        NodesAtWork? nodes = null;
        var failure = _recording!.Failure?.Message;
        if (failure is null && OutputFile.IsSpecial(path))
            Complain(
                failure = $"{path}: it is a device or a pipe, so what went into it cannot be read again and audited");
        if (failure is null)
        {
            try
            {
                using var reader = TraceReader.Open(path);
                audit = TraceAudit.Run(reader.Header, reader.Records(cancellation));
                if (_isOnNodes)
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
        // Nobody is to take nothing for a trace. What was there before, a device say, stays.
        if (failure is not null && _isNew && new FileInfo(path) is { Exists: true, Length: 0 })
            TemporaryFiles.Delete(path);
        return new TraceReport(experiment, path, steps - _start, weightsSha256, _recording.Totals, failure, audit,
            nodes, isKept);
    }

    private Stream Create()
    {
        try
        {
            _isNew = !File.Exists(path);
            return TraceFile.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"the trace '{path}' cannot be written: {e.Message}", cause: e);
        }
    }

    // Both complaints and progress go there, from several threads.
    private void Complain(string trouble)
    {
        lock (terminal) terminal.Complain(trouble, LogLevel.Warning);
    }
}
