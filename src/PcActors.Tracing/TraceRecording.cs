using Akka.Actor;
using Akka.Configuration;
using PcActors.Runs;
using PcActors.Tracing.Format;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing;

/// <summary>Records every message between a network's actors at the mailbox that it comes to. The
/// same bits as without.</summary>
/// <remarks>For one run: give it to a network as its <see cref="NetworkOptions.Recording"/>. The trace
/// is whole when the network has been disposed of. When it cannot be written, the run goes on without:
/// <see cref="Failure"/> says why.</remarks>
public sealed class TraceRecording : Runs.Recording
{
    private TraceRecorder? _recorder;
    private TraceExtension? _extension;

    /// <summary>A recording that has not begun.</summary>
    /// <param name="options">What is recorded, and where. The output is closed at the end, or when the
    /// network cannot start.</param>
    /// <exception cref="ArgumentOutOfRangeException">Hardly any record may wait.</exception>
    public TraceRecording(TraceOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 4, nameof(options));
        Options = options;
    }

    /// <summary>What is recorded, and where.</summary>
    public TraceOptions Options { get; }

    /// <summary>What has been recorded; known when the network has been disposed of.</summary>
    public TraceTotals Totals { get; internal set; }

    /// <summary>Why the trace was abandoned; null when it was not.</summary>
    public Exception? Failure { get; internal set; }

    /// <inheritdoc/>
    internal override Config Configuration => TraceMailbox.Configuration;

    /// <inheritdoc/>
    internal override string VertexMailbox => TraceMailbox.VertexPath;

    /// <inheritdoc/>
    internal override string CoordinatorMailbox => TraceMailbox.CoordinatorPath;

    /// <inheritdoc/>
    internal override void Begin<T>(ActorSystem system, NetworkPlan<T> plan)
    {
        var recorder = new TraceRecorder(new TraceInspector<T>(Options.Payloads, Options.Norms), Options);
        // Before anything is attached: a header that cannot be made leaves nothing to be ended.
        var header = TraceHeader.Of(plan.Graph, plan.VertexOptions, Options.Model, Options.Payloads, plan.Step);
        var extension = TraceExtension.Of(system);
        extension.Attach(recorder);
        (_recorder, _extension) = (recorder, extension);
        recorder.Begin(header);
    }

    /// <inheritdoc/>
    internal override async Task EndAsync()
    {
        if (_recorder is not { } recorder)
        {
            await Options.Output.DisposeAsync().ConfigureAwait(false);
            return;
        }
        _extension!.Detach();
        await recorder.EndAsync().ConfigureAwait(false);
        (Totals, Failure) = (recorder.Totals, recorder.Failure);
    }
}

/// <summary>What is recorded of a run, and where.</summary>
public sealed record TraceOptions
{
    /// <summary>Receives the trace; closed at its end. <see cref="TraceFile.Create"/> makes one of a file.</summary>
    public required Stream Output { get; init; }

    /// <summary>What complaints call it: the file.</summary>
    public string OutputName { get; init; } = "trace";

    /// <summary>Name of the network, for the header.</summary>
    public string Model { get; init; } = "network";

    /// <summary>Whether tensors' elements are recorded too, so that vertices can be recomputed. Large.</summary>
    public bool Payloads { get; init; }

    /// <summary>Whether tensors' norms are recorded too. Factored errors are carried out for it.</summary>
    public bool Norms { get; init; }

    /// <summary>The node, for records.</summary>
    public string Node { get; init; } = "local";

    /// <summary>Told in one line, once, when the run has to wait for the disk, and when the trace is
    /// abandoned because it could not be written. From any thread.</summary>
    public Action<string>? OnTrouble { get; init; }

    /// <summary>Records that may wait to be written before vertices do.</summary>
    public int Capacity { get; init; } = 1 << 14;

    /// <summary>Bytes of payloads that may wait.</summary>
    public long MaxPayloadBytes { get; init; } = 1L << 28;
}
