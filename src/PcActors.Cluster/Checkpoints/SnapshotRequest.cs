using Akka.Actor;
using Akka.Persistence;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Puts one question to Akka.Persistence's snapshot store and hands its answer on. It lives as long as that takes.</summary>
internal sealed class SnapshotRequest : UntypedActor
{
    private readonly IActorRef _store;
    private readonly object _question;
    private readonly TaskCompletionSource<SelectedSnapshot?> _answer;

    public SnapshotRequest(IActorRef store, object question, TaskCompletionSource<SelectedSnapshot?> answer) =>
        (_store, _question, _answer) = (store, question, answer);

    /// <inheritdoc/>
    protected override void PreStart() => _store.Tell(_question, Self);

    /// <inheritdoc/>
    protected override void PostStop() => _answer.TrySetException(new CheckpointException("the store of checkpoints was closed"));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult result:
                _answer.TrySetResult(result.Snapshot);
                break;
            case LoadSnapshotFailed failed:
                _answer.TrySetException(failed.Cause);
                break;
            case SaveSnapshotFailure failed:
                _answer.TrySetException(failed.Cause);
                break;
            case DeleteSnapshotFailure failed:
                _answer.TrySetException(failed.Cause);
                break;
            case DeleteSnapshotsFailure failed:
                _answer.TrySetException(failed.Cause);
                break;
            case SaveSnapshotSuccess or DeleteSnapshotSuccess or DeleteSnapshotsSuccess:
                _answer.TrySetResult(null);
                break;
            default:
                Unhandled(message);
                return;
        }
        Context.Stop(Self);
    }
}
