using Akka.Actor;
using Akka.Configuration;
using PcActors.Runs;
using PcActors.Tracing.Format;
using PcActors.Tracing.Recording;

namespace PcActors.Tracing;

/// <summary>Records every message between a network's actors at the mailbox that it comes to. The same bits as without.</summary>
/// <remarks>For one run: give it to a network as its <see cref="NetworkOptions.Recording"/>. The trace is whole when the network has
/// been disposed of. When it cannot be written, the run goes on without: <see cref="Failure"/> says why.</remarks>
public sealed class TraceRecording : Runs.Recording
{
    private TraceRecorder? _recorder;
    private TraceExtension? _extension;

    /// <summary>A recording that has not begun.</summary>
    /// <param name="options">What is recorded, and where. The output is closed at the end, or when the network cannot start.</param>
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
