using Akka.Actor;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Links;

/// <summary>To a link: carry a message.</summary>
/// <param name="From">The sender: a vertex's id or one of <see cref="LinkAddress"/>.</param>
/// <param name="To">The receiver.</param>
/// <param name="Message">The message.</param>
/// <param name="Number">In a traced run: the number under which it leaves; 0 for what is not recorded.</param>
internal sealed record Outgoing(int From, int To, object Message, long Number = 0);

/// <summary>To a link: the run is traced.</summary>
internal sealed record TraceWith(TraceRecorder Recorder);

/// <summary>To a link: who is who on this node.</summary>
/// <param name="Targets">Local actors.</param>
/// <param name="Senders">Those on the other side, as local ones know them.</param>
internal sealed record Routes(IReadOnlyDictionary<int, IActorRef> Targets, IReadOnlyDictionary<int, IActorRef> Senders);

/// <summary>From a link: what comes from the other side makes no sense, or what is to go there cannot.</summary>
/// <param name="Peer">Index of the other node.</param>
/// <param name="Cause">Why.</param>
/// <param name="Unsent">What cannot go there; null when something has come.</param>
internal sealed record LinkFailed(int Peer, Exception Cause, string? Unsent = null)
{
    /// <summary>What has happened, for a person.</summary>
    /// <param name="peer">What the other node is called.</param>
    public string Describe(string peer) =>
        Unsent is null ? $"from {peer} came {Cause.Message}" : $"{Unsent} cannot go to {peer}: {Cause.Message}";
}

/// <summary>To a link, from itself: send what waits.</summary>
internal sealed record Pump
{
    public static Pump Instance { get; } = new();
}

/// <summary>To a link, from itself: see whether the other end has gone quiet.</summary>
internal sealed record LinkTick
{
    public static LinkTick Instance { get; } = new();
}

/// <summary>Addresses on a link that are no vertex's id.</summary>
internal static class LinkAddress
{
    /// <summary>Who begins steps.</summary>
    public const int Coordinator = -1;

    /// <summary>A node's part of the run.</summary>
    public const int Node = -2;
}
