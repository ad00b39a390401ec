using System.Numerics;
using Akka.Actor;
using Akka.Configuration;

namespace PcActors.Runs;

/// <summary>Records every message between the actors of one run.</summary>
public abstract class Recording
{
    private int _isTaken;

    private protected Recording()
    {
    }

    /// <summary>What the mailboxes that record need of an actor system.</summary>
    internal abstract Config Configuration { get; }

    /// <summary>Configuration path of the mailbox of vertices.</summary>
    internal abstract string VertexMailbox { get; }

    /// <summary>Configuration path of the mailbox of the coordinator.</summary>
    internal abstract string CoordinatorMailbox { get; }

    /// <summary>Takes it for a run, which ends it.</summary>
    /// <exception cref="InvalidOperationException">Another one has taken it.</exception>
    internal void Take()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 1)
            throw new InvalidOperationException(
                "this recording has recorded a run already; each run needs one of its own");
    }

    /// <summary>Begins to record, before the run's first actor is made.</summary>
    /// <param name="system">Where the run's actors will be.</param>
    /// <param name="plan">What will run.</param>
    /// <exception cref="InvalidOperationException">Another run is recorded there.</exception>
    internal abstract void Begin<T>(ActorSystem system, NetworkPlan<T> plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Ends, once the run's actors are gone, or when they could not be made.</summary>
    internal abstract Task EndAsync();
}
