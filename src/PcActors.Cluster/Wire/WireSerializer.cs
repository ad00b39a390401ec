using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace PcActors.Cluster.Wire;

/// <summary>What actor systems of different nodes say to each other, besides Akka's own: the messages that open and close runs, and
/// packets of links.</summary>
/// <param name="system">The actor system.</param>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly Dictionary<string, MessageParser> Parsers = new(StringComparer.Ordinal)
    {
        ["open"] = Schema.OpenRun.Parser,
        ["opened"] = Schema.RunOpened.Parser,
        ["part-failed"] = Schema.PartFailed.Parser,
        ["open-master"] = Schema.OpenMaster.Parser,
        ["master-opened"] = Schema.MasterOpened.Parser,
        ["master-failed"] = Schema.MasterFailed.Parser,
        ["close-master"] = Schema.CloseMaster.Parser,
        ["ask-status"] = Schema.AskStatus.Parser,
        ["status"] = Schema.StatusAnswer.Parser,
        ["frame"] = Schema.LinkFrame.Parser,
        ["chunk"] = Schema.LinkChunk.Parser,
        ["ack"] = Schema.LinkAcknowledgement.Parser,
        ["probe"] = Schema.LinkProbe.Parser,
        ["traces?"] = Schema.RequestTraces.Parser,
        ["traces"] = Schema.Traces.Parser,
        ["trace?"] = Schema.RequestTracePart.Parser,
        ["trace"] = Schema.TracePart.Parser,
        ["traces-forget"] = Schema.ForgetTraces.Parser,
    };

    /// <summary>The types, for Akka's configuration.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(Schema.OpenRun), typeof(Schema.RunOpened), typeof(Schema.PartFailed), typeof(Schema.OpenMaster), typeof(Schema.MasterOpened),
        typeof(Schema.MasterFailed), typeof(Schema.CloseMaster), typeof(Schema.AskStatus), typeof(Schema.StatusAnswer),
        typeof(Schema.LinkFrame), typeof(Schema.LinkChunk),
        typeof(Schema.LinkAcknowledgement), typeof(Schema.LinkProbe),
        typeof(Schema.RequestTraces), typeof(Schema.Traces), typeof(Schema.RequestTracePart), typeof(Schema.TracePart), typeof(Schema.ForgetTraces),
    ];

    /// <inheritdoc/>
    public override int Identifier => 7_036;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        Schema.OpenRun => "open",
        Schema.RunOpened => "opened",
        Schema.PartFailed => "part-failed",
        Schema.OpenMaster => "open-master",
        Schema.MasterOpened => "master-opened",
        Schema.MasterFailed => "master-failed",
        Schema.CloseMaster => "close-master",
        Schema.AskStatus => "ask-status",
        Schema.StatusAnswer => "status",
        Schema.LinkFrame => "frame",
        Schema.LinkChunk => "chunk",
        Schema.LinkAcknowledgement => "ack",
        Schema.LinkProbe => "probe",
        Schema.RequestTraces => "traces?",
        Schema.Traces => "traces",
        Schema.RequestTracePart => "trace?",
        Schema.TracePart => "trace",
        Schema.ForgetTraces => "traces-forget",
        _ => throw new WireException($"a message of type {o.GetType().Name} does not travel between nodes"),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        return ((IMessage)obj).ToByteArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Parsers.TryGetValue(manifest, out var parser)) throw new WireException("a message that is none of the protocol");
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WireException($"a damaged message '{manifest}': {e.Message}", e);
        }
    }
}
