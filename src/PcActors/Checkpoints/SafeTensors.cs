using System.Buffers.Binary;
using System.Text.Json;

namespace PcActors.Checkpoints;

/// <summary>The header of a file in the safetensors format (github.com/huggingface/safetensors): eight bytes with its
/// length, JSON that says where each tensor is, and texts under <c>__metadata__</c>. The tensors' bytes follow, without
/// a gap.</summary>
/// <param name="Metadata">Texts by name.</param>
/// <param name="Tensors">The tensors, in the order of their bytes.</param>
internal sealed record SafeTensors(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<StoredTensor> Tensors)
{
    // The format's own limit.
    private const long LargestHeader = 100_000_000;
    private const int LengthBytes = sizeof(ulong);
    private const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, int> BytesOfType = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["I64"] = 8,
        ["U64"] = 8,
        ["F64"] = 8,
    };

    /// <summary>The header's bytes, its length before it, filled up with spaces so that what follows starts at a
    /// multiple of 8.</summary>
    /// <exception cref="CheckpointException">It would be longer than the format allows.</exception>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in Metadata) json.WriteString(key, value);
            json.WriteEndObject();
            foreach (var tensor in Tensors) Write(json, tensor);
            json.WriteEndObject();
        }
        while (stream.Length % LengthBytes != 0) stream.WriteByte((byte)' ');
        if (stream.Length - LengthBytes > LargestHeader)
        {
            throw new CheckpointException(
                $"its header would have {stream.Length - LengthBytes} bytes, and {LargestHeader} are the most that "
                + $"the safetensors format allows; it has an entry for each of {Tensors.Count} tensors");
        }
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    /// <summary>Reads a header; the stream is then at the first tensor's bytes.</summary>
    /// <param name="stream">At its beginning; its length is known.</param>
    /// <param name="json">The header as it is written.</param>
    /// <exception cref="CheckpointException">It breaks a rule of the format. Nothing is allocated that the stream is
    /// not long enough for.</exception>
    public static SafeTensors Read(Stream stream, out byte[] json)
    {
        var length = stream.Length;
        if (length < LengthBytes) throw new CheckpointException($"it is cut off: {length} bytes are no header");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (size < 2 || size > LargestHeader || size > (ulong)(length - LengthBytes))
        {
            throw new CheckpointException(
                $"its header would have {size} bytes, where {length - LengthBytes} follow and {LargestHeader} are "
                + "the most");
        }
        json = new byte[size];
        stream.ReadExactly(json);
        if (json[0] != '{')
            throw new CheckpointException("its header does not begin as one of a safetensors file does");
        try
        {
            using var document = JsonDocument.Parse(json,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            return Read(document.RootElement, length - LengthBytes - (long)size);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"its header is not read: {e.Message}", e);
        }
    }

    private static SafeTensors Read(JsonElement root, long bytes)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<StoredTensor>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                foreach (var text in property.Value.EnumerateObject())
                    metadata[text.Name] = text.Value.GetString() ?? throw Flaw(MetadataKey, "has what is no text");
            }
            else
            {
                tensors.Add(Read(property.Name, property.Value));
            }
        }
        tensors.Sort((one, other) => (one.Begin, one.End).CompareTo((other.Begin, other.End)));
        var end = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
                throw Flaw(tensor.Name, $"begins at byte {tensor.Begin}, and the one before it ends at {end}");
            end = tensor.End;
        }
        if (end != bytes) throw new CheckpointException($"its tensors have {end} bytes, and {bytes} are there");
        return new SafeTensors(metadata, tensors);
    }

    private static StoredTensor Read(string name, JsonElement entry)
    {
        if (!entry.TryGetProperty("dtype", out var dtype) || !entry.TryGetProperty("shape", out var shape)
            || !entry.TryGetProperty("data_offsets", out var offsets) || entry.GetPropertyCount() != 3)
            throw Flaw(name, "lacks its dtype, shape or data_offsets, or has more than these");
        if (!BytesOfType.TryGetValue(dtype.GetString() ?? "", out var width))
            throw Flaw(name, $"has the element type '{dtype}', which there is not");
        if (offsets.GetArrayLength() != 2) throw Flaw(name, "has other data_offsets than two");
        var dimensions = shape.EnumerateArray().Select(e => Number(name, e)).ToArray();
        var (begin, end) = (Number(name, offsets[0]), Number(name, offsets[1]));
        Int128 size = width;
        foreach (var extent in dimensions)
        {
            size *= extent;
            if (size > long.MaxValue) throw Flaw(name, "has a shape of more than 2^63 bytes");
        }
        if (end < begin || end - begin != size)
            throw Flaw(name, $"has bytes {begin} to {end}, and its shape needs {size}");
        return new StoredTensor(name, dtype.GetString()!, dimensions, begin, end);
    }

    private static long Number(string name, JsonElement element) => element.TryGetInt64(out var number) && number >= 0
        ? number
        : throw Flaw(name, $"has the number {element.GetRawText()}, where a whole one from 0 is needed");

    private static void Write(Utf8JsonWriter json, StoredTensor tensor)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type);
        json.WriteStartArray("shape");
        foreach (var extent in tensor.Dimensions) json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(tensor.Begin);
        json.WriteNumberValue(tensor.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static CheckpointException Flaw(string name, string what) => new($"its header is damaged: '{name}' {what}");
}

/// <summary>Where a tensor is in a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type, as the format calls it: <c>F32</c>, <c>F64</c>, <c>I64</c>.</param>
/// <param name="Dimensions">Extents, outermost first.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record StoredTensor(string Name, string Type, long[] Dimensions, long Begin, long End);
