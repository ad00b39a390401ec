using System.Numerics;
using Akka.Actor;
using Google.Protobuf;
using PcActors.Clustering.Wire;
using PcActors.Clustering.Wire.Schema;

namespace PcActors.Clustering.Links;

/// <summary>One end of the link between two nodes' parts of a run. Everything that crosses between them goes through it.</summary>
/// <remarks>A message is written to bytes here, so that its sender may go on with its buffers, and read by the other end.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class LinkActor<T> : UntypedActor
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _peer;
    private readonly string _path;
    private readonly LinkSender _sender = new(LinkSettings.PacketBytes, LinkSettings.Window);
    private readonly LinkReceiver _receiver = new(LinkSettings.AcknowledgeEvery);
    private readonly LinkTap? _tap;
    private readonly ICancelable _timer;
    private Routes _routes;
    private IActorRef _other = ActorRefs.Nobody;
    private bool _isPumpDue;
    private long _lastAcknowledged;

    /// <summary>An end of a link.</summary>
    /// <param name="peer">Index of the other node.</param>
    /// <param name="path">Path of the other end.</param>
    public LinkActor(int peer, string path)
    {
        (_peer, _path) = (peer, path);
        _routes = new Routes(new Dictionary<int, IActorRef> { [LinkAddress.Node] = Context.Parent }, new Dictionary<int, IActorRef>());
        _tap = Context.System.Settings.Setup.Get<LinkTap>() is { HasValue: true } tap ? tap.Value : null;
        _timer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            LinkSettings.ProbeAfter, LinkSettings.ProbeAfter, Self, LinkTick.Instance, Self);
    }

    /// <inheritdoc/>
    protected override void PreStart() => _other = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(_path);

    /// <inheritdoc/>
    protected override void PostStop() => _timer.Cancel();

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
                var (manifest, payload) = WireFormat<T>.Write(outgoing.Message);
                _sender.Enqueue(new Parcel { From = outgoing.From, To = outgoing.To, Manifest = manifest, Payload = payload });
                if (_isPumpDue) break;
                // Behind what is in the mailbox now: small messages share a packet.
                _isPumpDue = true;
                Self.Tell(Pump.Instance, Self);
                break;
            case Pump:
                _isPumpDue = false;
                SendWhatWaits();
                break;
            case LinkFrame frame:
                Deliver(_receiver.Accept(frame));
                break;
            case LinkChunk chunk:
                Deliver(_receiver.Accept(chunk));
                break;
            case LinkAcknowledgement acknowledgement:
                _sender.Acknowledge(acknowledgement.Position);
                SendWhatWaits();
                break;
            case LinkProbe probe:
                _receiver.Probed(probe.Position);
                Send(new LinkAcknowledgement { Position = _receiver.Position });
                break;
            case LinkTick:
                if (_sender.IsBlocked && _sender.Acknowledged == _lastAcknowledged) Send(new LinkProbe { Position = _sender.Sent });
                _lastAcknowledged = _sender.Acknowledged;
                break;
            case Routes routes:
                _routes = routes;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void SendWhatWaits()
    {
        while (_sender.Next() is { } packet) Send(packet);
    }

    private void Send(IMessage packet)
    {
        if (_tap is null)
        {
            _other.Tell(packet, Self);
            return;
        }
        foreach (var passed in _tap.Pass(packet)) _other.Tell(passed, Self);
    }

    private void Deliver(IReadOnlyList<Parcel> parcels)
    {
        if (_receiver.TakeAcknowledgementDue()) Send(new LinkAcknowledgement { Position = _receiver.Position });
        foreach (var parcel in parcels)
        {
            // What is for nobody here, or from nobody whom anyone here knows, ends here.
            if (!_routes.Targets.TryGetValue(parcel.To, out var target)) continue;
            IActorRef? sender = ActorRefs.Nobody;
            if (parcel.From != LinkAddress.Node && !_routes.Senders.TryGetValue(parcel.From, out sender)) continue;
            target.Tell(WireFormat<T>.Read(parcel.Manifest, parcel.Payload), sender);
        }
    }
}
