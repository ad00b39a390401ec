using System.Globalization;
using Akka.Actor;
using PcActors.Cluster.Wire;

namespace PcActors.Cluster.Coordination;

/// <summary>What the cluster's coordinator offers: it takes care of runs, one
/// <see cref="RunActor{T}"/> each. It is a singleton on the oldest node with the role of a coordinator, and knows
/// nothing that a run's client could not tell another one.</summary>
internal sealed class CoordinatorService : UntypedActor
{
    private readonly Dictionary<string, (OpenRun Open, IActorRef Client)> _runs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        // Another one would fail as well: the client hears of it.
        if (_runs.TryGetValue(Sender.Path.Name, out var run))
            run.Client.Tell(new RunFailed(run.Open.Run, run.Open.Incarnation, e.Message), Self);
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenRun open:
                Open(open);
                break;
            case Terminated terminated:
                _runs.Remove(terminated.ActorRef.Path.Name);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static string NameOf(string run, int incarnation) =>
        string.Create(CultureInfo.InvariantCulture, $"{run}-i{incarnation}");

    private static bool IsSound(OpenRun open) =>
        open.ElementBytes is sizeof(float) or sizeof(double)
        && open.Incarnation > 0
        && ActorPath.IsValidPathElement(NameOf(open.Run, open.Incarnation));

    private void Open(OpenRun open)
    {
        if (!IsSound(open)) return;
        var name = NameOf(open.Run, open.Incarnation);
        var run = Context.Child(name);
        var client = Sender;
        if (run.IsNobody())
        {
            var props = open.ElementBytes == sizeof(float)
                ? Props.Create(() => new RunActor<float>(open, client))
                : Props.Create(() => new RunActor<double>(open, client));
            run = Context.Watch(Context.ActorOf(props, name));
            _runs[name] = (open, client);
        }
        client.Tell(new RunOpened(open.Run, open.Incarnation), run);
    }
}
