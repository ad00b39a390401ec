using Google.Protobuf;

namespace PcActors.Onnx.Files;

/// <summary>Reads files of protobuf messages, and turns what can go wrong there into
/// <see cref="OnnxException"/>s.</summary>
internal static class ProtoFile
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="OnnxException">It cannot be read, or is larger than a message can be.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > int.MaxValue)
                throw new OnnxException(path, "the file is larger than 2 GB",
                    "a model's weights can lie in external data files");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OnnxException(path, "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            throw Directory.Exists(path)
                ? new OnnxException(path, "this is a folder", "a file is needed")
                : new OnnxException(path, "permission to open it is missing");
        }
        catch (IOException e)
        {
            throw new OnnxException(path, $"it cannot be read: {e.Message}");
        }
    }

    /// <summary>The message in a file's bytes.</summary>
    /// <param name="source">What messages call the file.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="parser">The message's parser.</param>
    /// <param name="kind">What it should be: model or tensor.</param>
    /// <exception cref="OnnxException">The bytes are no such message.</exception>
    public static TMessage Parse<TMessage>(string source, ReadOnlySpan<byte> bytes, MessageParser<TMessage> parser,
        string kind)
        where TMessage : IMessage<TMessage>
    {
        // Elements are stored little-endian, and are read as they are.
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("ONNX files are read on little-endian machines only");
        if (bytes.IsEmpty) throw new OnnxException(source, "the file is empty");
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (Exception e) when (IsDamage(e))
        {
            var (what, wanted) = ForeignFile.Of(bytes);
            throw what is null
                ? new OnnxException(source, $"this is no ONNX {kind}, or it is damaged or cut short")
                : new OnnxException(source, $"this is no ONNX {kind}: {what}", wanted);
        }
    }

    /// <summary>Whether an exception of the parser's says that bytes are damaged. It adds up some lengths near 2^31
    /// wrongly, and reads beyond the end.</summary>
    internal static bool IsDamage(Exception e) =>
        e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentOutOfRangeException;
}
