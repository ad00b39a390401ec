using System.Numerics;
using Akka.Actor;
using PcActors.Cluster.Wire;
using PcActors.Learning.Protocol;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Links;

/// <summary>One end of the link between two nodes' parts of a run. Everything that crosses between
/// them goes through it.</summary>
/// <remarks>A message is written to bytes here, so that its sender may go on with its buffers, and read
/// by the other end. The two ends begin with their term and end with it, and every term has links of its own: so
/// numbers begin at 1 on both sides, and there is nothing to agree upon first. An end that is not there yet is one
/// that loses packets.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class LinkActor<T> : UntypedActor, IWithTimers
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _peer;
    private readonly string _path;
    private readonly LinkSender _sender = new(LinkSettings.PacketBytes, LinkSettings.Window);
    private readonly LinkReceiver _receiver = new(LinkSettings.AcknowledgeEvery, LinkSettings.Window);
    private readonly LinkMeter _meter;
    private readonly LinkTap? _tap;
    private TraceRecorder? _recorder;
    private Routes _routes;
    private IActorRef _other = ActorRefs.Nobody;
    private bool _isPumpDue;

    /// <summary>An end of a link.</summary>
    /// <param name="peer">Index of the other node.</param>
    /// <param name="path">Path of the other end.</param>
    /// <param name="meter">Counts.</param>
    public LinkActor(int peer, string path, LinkMeter meter)
    {
        (_peer, _path, _meter) = (peer, path, meter);
        _routes = new Routes(new Dictionary<int, IActorRef> { [LinkAddress.Node] = Context.Parent },
            new Dictionary<int, IActorRef>());
        _tap = Context.System.Settings.Setup.Get<LinkTap>() is { HasValue: true } tap ? tap.Value : null;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _other = Resolve();
        Timers.StartPeriodicTimer(LinkTick.Instance, LinkTick.Instance, LinkSettings.Tick);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (WireException e)
        {
            Context.Parent.Tell(new LinkFailed(_peer, e), Self);
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case Outgoing outgoing:
                Enqueue(outgoing);
                break;
            case Pump:
                _isPumpDue = false;
                SendWhatWaits();
                break;
            case LinkPacket packet:
                var parcels = _receiver.Accept(packet);
                _meter.Receive(packet, _receiver.Repeated);
                Answer(_receiver.Acknowledgement(isLate: false));
                Deliver(parcels);
                break;
            case LinkAcknowledgement acknowledgement:
                var again = _sender.Acknowledge(acknowledgement);
                _meter.Resend(again.Count);
                foreach (var lost in again) Send(lost);
                SendWhatWaits();
                break;
            case LinkProbe probe:
                Send(_receiver.Answer(probe));
                break;
            case LinkTick:
                Answer(_receiver.Acknowledgement(isLate: true));
                if (_sender.Tick() is { } question) Send(question);
                break;
            case TraceWith trace:
                _recorder = trace.Recorder;
                break;
            case Routes routes:
                _routes = routes;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Enqueue(Outgoing outgoing)
    {
        try
        {
            var (manifest, payload) = WireFormat<T>.Write(outgoing.Message);
            _meter.Send<T>(outgoing.Message);
            var clock = outgoing.Number > 0 || _recorder is null ? 0 : _recorder.Clock;
            _sender.Enqueue(new Parcel(outgoing.From, outgoing.To, manifest, payload, outgoing.Number, clock));
            // Its receiver gets a copy.
            if (outgoing.Message is ErrorMessage<T> sent) sent.Error.Release();
        }
        catch (WireException e)
        {
            Context.Parent.Tell(new LinkFailed(_peer, e, Describe(outgoing)), Self);
        }
        if (_isPumpDue) return;
        // Behind what is in the mailbox now: small messages share a packet.
        _isPumpDue = true;
        Self.Tell(Pump.Instance, Self);
    }

    private static string Describe(Outgoing outgoing) => outgoing.Message switch
    {
        RunVertex<T> planned => $"the vertex '{planned.Vertex.Name}'",
        VertexPlan<T> plan => $"the vertex '{plan.Description.Name}'",
        StateCollected<T> state => $"the state of the vertex with the id {state.Vertex}",
        var message when outgoing.From >= 0 =>
            $"the message '{MessageKind.NameOf(message.GetType())}' of the vertex with the id {outgoing.From}",
        var message => $"the message '{MessageKind.NameOf(message.GetType())}'",
    };

    private void SendWhatWaits()
    {
        while (_sender.Next() is { } packet)
        {
            _meter.Send(packet);
            Send(packet);
        }
    }

    private void Answer(LinkAcknowledgement? answer)
    {
        if (answer is not null) Send(answer);
    }

    private IActorRef Resolve() => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(_path);

    private void Send(object packet)
    {
        // The other end may be on this very node, and come into being after this one.
        if (_other is EmptyLocalActorRef) _other = Resolve();
        if (_tap is null)
        {
            _other.Tell(packet, Self);
            return;
        }
        foreach (var passed in _tap.Pass(_path, packet)) _other.Tell(passed, Self);
    }

    private void Deliver(IReadOnlyList<Parcel> parcels)
    {
        foreach (var parcel in parcels)
        {
            // What is for nobody here, or from nobody whom anyone here knows, ends here.
            if (!_routes.Targets.TryGetValue(parcel.To, out var target)) continue;
            IActorRef? sender = ActorRefs.Nobody;
            if (parcel.From != LinkAddress.Node && !_routes.Senders.TryGetValue(parcel.From, out sender)) continue;
            var message = WireFormat<T>.Read(parcel.Manifest, parcel.Payload);
            _meter.Receive<T>(message);
            if (_recorder is not null && parcel.Number > 0) message = new RemoteArrival(message, _peer, parcel.Number);
            else if (parcel.Clock > 0) _recorder?.Order(_peer, parcel.Clock);
            target.Tell(message, sender);
        }
    }
}
