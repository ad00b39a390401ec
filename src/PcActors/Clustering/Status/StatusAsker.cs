using Akka.Actor;
using PcActors.Clustering.Wire.Schema;

namespace PcActors.Clustering.Status;

/// <summary>Asks one node how it is, once a second, until it answers or patience ends.</summary>
/// <param name="path">Path of its <see cref="StatusActor"/>.</param>
/// <param name="patience">How long an answer is waited for.</param>
/// <param name="answer">Receives it; null when there is none.</param>
internal sealed class StatusAsker(string path, TimeSpan patience, TaskCompletionSource<StatusAnswer?> answer) : UntypedActor
{
    private readonly long _deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.SetReceiveTimeout(TimeSpan.FromSeconds(1));
        Ask();
    }

    /// <inheritdoc/>
    protected override void PostStop() => answer.TrySetResult(null);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is ReceiveTimeout && Environment.TickCount64 < _deadline)
        {
            Ask();
            return;
        }
        answer.TrySetResult(message as StatusAnswer);
        Context.Stop(Self);
    }

    private void Ask() => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path).Tell(new AskStatus(), Self);
}
