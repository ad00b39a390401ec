using System.Numerics;
using PcActors.Learning;

namespace PcActors.Tracing;

/// <summary>A network, every message of which is recorded. The trace is whole when the network has been disposed of.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ITracedNetwork<T> : INetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What has been recorded; known when the network has been disposed of.</summary>
    TraceTotals Totals { get; }

    /// <summary>Why the trace was abandoned; null when it was not.</summary>
    Exception? Failure { get; }
}
