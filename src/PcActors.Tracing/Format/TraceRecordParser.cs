using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Reads the lines of a trace that follow its header.</summary>
internal sealed class TraceRecordParser(TraceHeader header)
{
    private readonly TraceTexts _texts = new();
    private readonly Dictionary<int, Shape> _shapeOfEdge = ShapesOf(header);

    /// <summary>How the last line begins.</summary>
    public static ReadOnlySpan<byte> EndBeginning => "{\"event\":\"end\""u8;

    /// <summary>Reads a record's line.</summary>
    /// <exception cref="TraceFormatException">It is none.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public TraceRecord Parse(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        TraceJson.Begin(ref json);
        var record = new TraceRecord { Node = "" };
        var found = Required.None;
        while (TraceJson.NextKey(ref json)) found |= ReadProperty(ref json, record);
        TraceJson.End(ref json);
        if ((found & Required.All) != Required.All)
            throw new TraceFormatException($"the message has no {(Required)((int)Required.All & ~(int)found)}");
        if ((found & Required.Tensor) is not Required.None and not Required.Tensor)
            throw new TraceFormatException("the message has only a part of shape, form, bytes and hash");
        if (record.Payload is not null && (found & Required.Tensor) is Required.None)
            throw new TraceFormatException("the message has a payload, and no shape");
        if (record.Mask is { Whole: null } || (record.Mask is not null && record.Payload is null))
            throw new TraceFormatException("the message has a mask that is no array, or no payload beside it");
        if (record.State is not null && record.Payload is null)
            throw new TraceFormatException("the message has a state, and no payload");
        return record;
    }

    /// <summary>Reads the last line.</summary>
    /// <exception cref="TraceFormatException">It is none.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ((long Messages, long Values, long Errors) Totals, string Sha256) ParseEnd(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        TraceJson.Begin(ref json);
        long messages = -1, values = -1, errors = -1;
        string? sha256 = null;
        while (TraceJson.NextKey(ref json))
        {
            var key = json.GetString();
            json.Read();
            switch (key)
            {
                case "event": break;
                case "messages": messages = TraceJson.Long(ref json); break;
                case "values": values = TraceJson.Long(ref json); break;
                case "errors": errors = TraceJson.Long(ref json); break;
                case "sha256": sha256 = TraceJson.Text(ref json); break;
                default: throw new TraceFormatException($"the end of a trace has no '{key}'");
            }
        }
        TraceJson.End(ref json);
        if (messages < 0 || values < 0 || errors < 0 || sha256 is null)
            throw new TraceFormatException("the last line is not whole", "it has messages, values, errors and sha256");
        return ((messages, values, errors), sha256);
    }

    private Required ReadProperty(ref Utf8JsonReader json, TraceRecord record)
    {
        var key = json.ValueSpan;
        json.Read();
        switch (key.Length)
        {
            case 1 when key[0] == 'n': record.N = TraceJson.Long(ref json); return Required.N;
            case 2 when key.SequenceEqual("to"u8): record.To = TraceJson.Int(ref json); return Required.To;
            case 4 when key.SequenceEqual("from"u8): record.From = TraceJson.Int(ref json); return Required.From;
            case 4 when key.SequenceEqual("kind"u8): record.Kind = Text(ref json); return Required.Kind;
            case 4 when key.SequenceEqual("node"u8): record.Node = Text(ref json); return Required.Node;
            case 4 when key.SequenceEqual("step"u8): record.Step = TraceJson.Long(ref json); break;
            case 4 when key.SequenceEqual("time"u8): record.Time = TraceJson.Int(ref json); break;
            case 4 when key.SequenceEqual("edge"u8): record.Edge = TraceJson.Int(ref json); break;
            case 4 when key.SequenceEqual("loss"u8): record.Loss = TraceJson.Float(ref json); break;
            case 4 when key.SequenceEqual("norm"u8): record.Norm = TraceJson.Float(ref json); break;
            case 4 when key.SequenceEqual("mask"u8): record.Mask = TracePayloadParser.Parse(ref json); break;
            case 4 when key.SequenceEqual("form"u8): record.Form = Form(ref json); return Required.Form;
            case 4 when key.SequenceEqual("hash"u8): record.Hash = TraceJson.Hash(ref json); return Required.Hash;
            case 5 when key.SequenceEqual("taken"u8): record.Taken = TraceJson.Long(ref json); break;
            case 5 when key.SequenceEqual("shape"u8):
                record.Shape = TraceJson.Shape(ref json,
                    record.Edge is { } edge ? _shapeOfEdge.GetValueOrDefault(edge) : null); return Required.Shape;
            case 5 when key.SequenceEqual("bytes"u8): record.Bytes = TraceJson.Long(ref json); return Required.Bytes;
            case 5 when key.SequenceEqual("event"u8):
                if (!json.ValueTextEquals("message"u8))
                    throw new TraceFormatException($"the event '{TraceJson.Text(ref json)}' is none of a trace",
                        "message or end");
                return Required.Event;
            case 6 when key.SequenceEqual("doneAt"u8): record.DoneAt = TraceJson.Long(ref json); break;
            case 6 when key.SequenceEqual("sender"u8): record.Sender = Text(ref json); break;
            case 6 when key.SequenceEqual("infers"u8): record.Infers = TraceJson.Flag(ref json); break;
            case 6 when key.SequenceEqual("masked"u8): record.IsMasked = TraceJson.Flag(ref json); break;
            case 6 when key.SequenceEqual("energy"u8): record.Energy = TraceJson.Float(ref json); break;
            case 6 when key.SequenceEqual("vertex"u8): record.Vertex = TraceJson.Int(ref json); break;
            case 5 when key.SequenceEqual("state"u8): record.State = TracePayloadParser.ParseState(ref json); break;
            case 6 when key.SequenceEqual("commit"u8): record.Commit = Commit(ref json); break;
            case 7 when key.SequenceEqual("takenAt"u8): record.TakenAt = TraceJson.Long(ref json); break;
            case 7 when key.SequenceEqual("attempt"u8): record.Attempt = TraceJson.Int(ref json); break;
            case 7 when key.SequenceEqual("purpose"u8): record.Purpose = Purpose(ref json); break;
            case 7 when key.SequenceEqual("payload"u8): record.Payload = TracePayloadParser.Parse(ref json); break;
            case 9 when key.SequenceEqual("arrivedAt"u8):
                record.ArrivedAt = TraceJson.Long(ref json);
                return Required.ArrivedAt;
            case 9 when key.SequenceEqual("batchSize"u8): record.BatchSize = TraceJson.Int(ref json); break;
            case 10 when key.SequenceEqual("prediction"u8): record.Prediction = TraceJson.Int(ref json); break;
            case 10 when key.SequenceEqual("microBatch"u8): record.MicroBatch = TraceJson.Int(ref json); break;
            default: throw new TraceFormatException($"a message of a trace has no '{Encoding.UTF8.GetString(key)}'");
        }
        return Required.None;
    }

    private string Text(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && !json.ValueIsEscaped
            ? _texts.Get(json.ValueSpan)
            : TraceJson.Text(ref json);

    private static TraceForm Form(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueTextEquals("whole"u8)) return TraceForm.Whole;
            if (json.ValueTextEquals("factored"u8)) return TraceForm.Factored;
            if (json.ValueTextEquals("sum"u8)) return TraceForm.Sum;
        }
        throw new TraceFormatException("'form' is none that a tensor has", "whole, factored or sum");
    }

    private static TimestepPurpose Purpose(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            if (json.ValueTextEquals("none"u8)) return TimestepPurpose.None;
            if (json.ValueTextEquals("initialise"u8)) return TimestepPurpose.Initialise;
            if (json.ValueTextEquals("infer"u8)) return TimestepPurpose.Infer;
            if (json.ValueTextEquals("learn"u8)) return TimestepPurpose.Learn;
            if (json.ValueTextEquals("inferAndLearn"u8)) return TimestepPurpose.InferAndLearn;
        }
        throw new TraceFormatException("'purpose' is none that a timestep has",
            "none, initialise, infer, learn or inferAndLearn");
    }

    private static StepId Commit(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new TraceFormatException("'commit' is no object");
        var (step, attempt) = (0L, 0);
        while (TraceJson.NextKey(ref json))
        {
            var isStep = json.ValueTextEquals("step"u8);
            if (!isStep && !json.ValueTextEquals("attempt"u8))
                throw new TraceFormatException($"'commit' has no '{json.GetString()}'");
            json.Read();
            if (isStep) step = TraceJson.Long(ref json);
            else attempt = TraceJson.Int(ref json);
        }
        return new StepId(attempt, step);
    }

    /// <summary>Shapes that go along the edges: they need not be made anew for each record.</summary>
    private static Dictionary<int, Shape> ShapesOf(TraceHeader header)
    {
        var shapes = new Dictionary<int, Shape>(header.Edges.Count);
        foreach (var edge in header.Edges) shapes[edge.Number] = header.Vertices[edge.From].Shape;
        return shapes;
    }

    [Flags]
    private enum Required
    {
        None = 0,
        Event = 1,
        N = 2,
        ArrivedAt = 4,
        Node = 8,
        From = 16,
        To = 32,
        Kind = 64,
        All = 127,
        Shape = 128,
        Form = 256,
        Bytes = 512,
        Hash = 1024,
        Tensor = Shape | Form | Bytes | Hash,
    }
}

/// <summary>Texts that occur again and again, each made once.</summary>
internal sealed class TraceTexts
{
    private const int MaxCount = 4096;

    private readonly Dictionary<ulong, (byte[] Bytes, string Text)> _known = [];

    /// <summary>The text of UTF-8 bytes without escapes.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        var hash = XxHash3.HashToUInt64(bytes);
        if (_known.TryGetValue(hash, out var known) && bytes.SequenceEqual(known.Bytes)) return known.Text;
        var text = Encoding.UTF8.GetString(bytes);
        if (_known.Count < MaxCount) _known[hash] = (bytes.ToArray(), text);
        return text;
    }
}
