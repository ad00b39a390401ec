using Akka.Actor;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Hosting;

/// <summary>What a worker offers the cluster: it takes part in runs. A part whose coordinator is gone, or
/// with its node out of the cluster, is closed: Akka sends the word of it until it has come.</summary>
internal sealed class HostActor : UntypedActor
{
    /// <summary>The actor's name, below /user.</summary>
    public const string Name = "pcactors";

    private readonly Dictionary<(string Run, int Term), (IActorRef Part, IActorRef Coordinator, int Index)> _runs = [];

    /// <summary>The name of a run's part.</summary>
    public static string PartName(string run, int term) => $"{run}-t{term}";

    /// <inheritdoc/>
    /// <remarks>A part that throws is not begun anew: its links have lost their places. Its
    /// coordinator is told.</remarks>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        var failed = Sender;
        foreach (var ((run, term), part) in _runs.Where(r => r.Value.Part.Equals(failed)))
            part.Coordinator.Tell(new PartFailed(run, term, part.Index, e.Message), Self);
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenPart open:
                Open(open);
                break;
            case Terminated terminated:
                Close(r => _runs[r].Coordinator.Equals(terminated.ActorRef));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Open(OpenPart open)
    {
        // A later term of a run takes the place of the earlier ones; what is left of those finds nobody.
        Close(r => r.Run == open.Run && r.Term < open.Term);
        if (!_runs.ContainsKey((open.Run, open.Term)))
        {
            if (!IsSound(open) || _runs.Keys.Any(r => r.Run == open.Run)) return;
            var props = open.ElementBytes == sizeof(float)
                ? Props.Create(() => new PartActor<float>(open))
                : Props.Create(() => new PartActor<double>(open));
            var part = Context.ActorOf(props, PartName(open.Run, open.Term));
            _runs.Add((open.Run, open.Term), (part, Context.Watch(Sender), open.Index));
        }
        Sender.Tell(new PartOpened(open.Run, open.Term, open.Index), Self);
    }

    // A client that has gone by now would not fetch what is recorded.
    private static bool IsSound(OpenPart open) =>
        open.ElementBytes is sizeof(float) or sizeof(double)
        && open.Index > 0 && open.Index < open.Paths.Count
        && AkkaCluster.Get(Context.System).State.Members.Any(m => m.Address.ToString() == open.Client)
        && ActorPath.IsValidPathElement(PartName(open.Run, open.Term))
        && open.Paths.All(p => ActorPath.TryParse(p, out _));

    private void Close(Func<(string Run, int Term), bool> which)
    {
        foreach (var run in _runs.Keys.Where(which).ToList())
        {
            Context.Stop(_runs[run].Part);
            _runs.Remove(run);
        }
    }
}
