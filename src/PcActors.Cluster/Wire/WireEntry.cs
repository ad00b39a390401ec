using Google.Protobuf;

namespace PcActors.Cluster.Wire;

/// <summary>One type of message: its name on the wire, and how it is written and read.</summary>
/// <param name="Manifest">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Write">To bytes.</param>
/// <param name="Read">From bytes; what is wrong with them shows as some exception.</param>
internal sealed record WireEntry(string Manifest, Type Type, Func<object, IMessage> Write, Func<ByteString, object> Read)
{
    /// <summary>An entry by its two translations.</summary>
    public static WireEntry Of<TMessage, TSchema>(
        string manifest, MessageParser<TSchema> parser, Func<TMessage, TSchema> write, Func<TSchema, TMessage> read)
        where TMessage : class
        where TSchema : IMessage<TSchema> =>
        new(manifest, typeof(TMessage), message => write((TMessage)message), bytes => read(parser.ParseFrom(bytes)));
}
