using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace PcActors.Runs.Threads;

/// <summary>A vertex's messages in the order in which they came, in as little memory as they need: a graph may have
/// a hundred thousand vertices, of which few ever have more than one message waiting. Akka's own takes a kilobyte
/// each.</summary>
internal sealed class SmallMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    // Beyond this many it is given back when nothing is left in it.
    private const int Most = 64;

    private Envelope[] _ring = [];
    private int _first;
    private int _count;
    private int _isTaken;

    /// <summary>The thread on which its vertex lives, from 0; -1 for one that goes where its messages come from.
    /// </summary>
    public int Home { get; set; } = VertexHomes.None;

    /// <inheritdoc/>
    // Who puts one in and then finds the actor still running leaves it to the actor to look once more; its count may
    // then not have reached this thread yet, but that it has held the lock has, so the lock is read before the count.
    public bool HasMessages => Volatile.Read(ref _isTaken) != 0 || Count > 0;

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        Lock();
        try
        {
            if (_count == _ring.Length) Grow();
            _ring[(_first + _count) & (_ring.Length - 1)] = envelope;
            _count++;
        }
        finally
        {
            // Even where no memory is left to grow: the others do not wait for ever.
            Volatile.Write(ref _isTaken, 0);
        }
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        envelope = default;
        if (!HasMessages) return false;
        Lock();
        var hasOne = _count > 0;
        if (hasOne)
        {
            ref var first = ref _ring[_first];
            envelope = first;
            first = default;
            _first = (_first + 1) & (_ring.Length - 1);
            if (--_count == 0 && _ring.Length > Most) (_ring, _first) = ([], 0);
        }
        Volatile.Write(ref _isTaken, 0);
        return hasOne;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }

    // Held for some ten instructions. A lock of the runtime's would be as large as all the rest.
    private void Lock()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 0) return;
        var wait = default(SpinWait);
        do wait.SpinOnce(sleep1Threshold: -1);
        while (Volatile.Read(ref _isTaken) == 1 || Interlocked.Exchange(ref _isTaken, 1) == 1);
    }

    private void Grow()
    {
        var larger = new Envelope[Math.Max(2 * _ring.Length, 1)];
        for (var i = 0; i < _count; i++) larger[i] = _ring[(_first + i) & (_ring.Length - 1)];
        (_ring, _first) = (larger, 0);
    }
}
