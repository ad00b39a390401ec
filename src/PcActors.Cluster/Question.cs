using Akka.Actor;

namespace PcActors.Cluster;

/// <summary>A question that is no part of a run: its answer is waited for.</summary>
internal static class Question
{
    /// <summary>Asks.</summary>
    /// <exception cref="AskTimeoutException">Nobody has answered in time.</exception>
    public static Task<TAnswer> AskAsync<TAnswer>(IActorRef actor, object question, TimeSpan patience,
        CancellationToken cancellation = default) =>
#pragma warning disable RS0030 // Not a vertex: nothing is learnt by it.
        actor.Ask<TAnswer>(question, patience, cancellation);
#pragma warning restore RS0030
}
