using PcActors.Tracing.Format;

namespace PcActors.Tracing;

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

    /// <summary>Told in one line, once, when the run has to wait for the disk, and when the trace is abandoned because it could not be
    /// written. From any thread.</summary>
    public Action<string>? OnTrouble { get; init; }

    /// <summary>Records that may wait to be written before vertices do.</summary>
    public int Capacity { get; init; } = 1 << 14;

    /// <summary>Bytes of payloads that may wait.</summary>
    public long MaxPayloadBytes { get; init; } = 1L << 28;
}
