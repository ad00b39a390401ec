using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Tests.Fuzzing;

/// <summary>Changes of a model that stays one: its numbers, its names, its parts in each other's places.</summary>
internal static class ProtoEdits
{
    private static readonly string[] Operators =
        [.. PcActors.Onnx.Import.ImportRules.Supported.Order(StringComparer.Ordinal)];

    private const int MostMessages = 4000;
    private const int MostBytes = 1 << 20;

    /// <summary>The model with one change; the bytes with one when they are no model.</summary>
    public static byte[] Apply(byte[] bytes, Edit edit)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Exception e) when (ProtoFile.IsDamage(e))
        {
            return ByteEdits.Apply(bytes, edit);
        }
        var messages = new List<IMessage>();
        Collect(model, messages);
        var message = messages[edit.Among(messages.Count)];
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        var field = fields[edit.Count * 7 % fields.Count];
        // One that is there tells more than one that is not.
        for (var i = 0; i < fields.Count && !IsSet(message, field); i++)
            field = fields[(edit.Count * 7 + i) % fields.Count];
        if (field.IsMap) return bytes;
        if (field.IsRepeated) Change((IList)field.Accessor.GetValue(message), field, messages, edit);
        else field.Accessor.SetValue(message, Other(field, field.Accessor.GetValue(message), messages, edit));
        return model.CalculateSize() > MostBytes ? bytes : model.ToByteArray();
    }

    private static bool IsSet(IMessage message, FieldDescriptor field) => field.IsRepeated
        ? ((ICollection)field.Accessor.GetValue(message)).Count > 0
        : !field.HasPresence || field.Accessor.HasValue(message);

    private static void Change(IList list, FieldDescriptor field, List<IMessage> messages, Edit edit)
    {
        var at = edit.Among(list.Count);
        switch (edit.Kind / 10 % 6)
        {
            case 0 when list.Count > 0:
                list.RemoveAt(at);
                break;
            case 1 when list.Count > 0:
                list.Insert(at, Copy(list[at]!));
                break;
            case 2 when list.Count > 1:
                var other = (at + edit.Count) % list.Count;
                (list[at], list[other]) = (list[other], list[at]);
                break;
            case 3:
                // Drawn anew each time, one may be of what holds the list, and have all those before it.
                var added = Other(field, null, messages, edit);
                var bytes = (long)((added as IMessage)?.CalculateSize() ?? 0);
                for (var i = 0; i < Math.Min(edit.Count * edit.Count, 256) && i * bytes <= MostBytes; i++)
                    list.Add(Copy(added));
                break;
            default:
                if (list.Count == 0) list.Add(Other(field, null, messages, edit));
                else list[at] = Other(field, list[at], messages, edit);
                break;
        }
    }

    private static object Other(FieldDescriptor field, object? now, List<IMessage> messages, Edit edit)
    {
        switch (field.FieldType)
        {
            case FieldType.Int64: return edit.Value;
            case FieldType.UInt64: return (ulong)edit.Value;
            case FieldType.Int32: return (int)edit.Value;
            case FieldType.Float: return edit.Count % 4 == 0 ? float.NaN : (float)edit.Value;
            case FieldType.Double: return edit.Count % 4 == 0 ? double.PositiveInfinity : edit.Value;
            case FieldType.Enum:
                var values = field.EnumType.Values;
                return values[edit.Among(values.Count)].Number;
            case FieldType.String: return Text(messages, edit);
            case FieldType.Bytes:
                var bytes = (now as ByteString)?.ToByteArray() ?? [];
                return ByteString.CopyFrom(field.Name == "raw_data" ? ByteEdits.Apply(bytes, edit)
                    : System.Text.Encoding.UTF8.GetBytes(Text(messages, edit)));
            default:
                var same = messages.Where(m => m.Descriptor == field.MessageType).ToList();
                return same.Count == 0
                    ? field.MessageType.Parser.ParseFrom(ByteString.Empty)
                    : Copy(same[(int)((ulong)edit.Value % (ulong)same.Count)]);
        }
    }

    /// <summary>A name that stands elsewhere in the model, an operator, or none.</summary>
    private static string Text(List<IMessage> messages, Edit edit)
    {
        if (edit.Kind % 5 == 0)
            return Operators[edit.Among(Operators.Length)];
        if (edit.Kind % 17 == 0) return new string('x', edit.Count * 400);
        if (edit.Kind % 19 == 0) return "a\nb\u001b[31m\0";
        var names = messages.OfType<NodeProto>().SelectMany(n => n.Input.Concat(n.Output))
            .Concat(messages.OfType<TensorProto>().Select(t => t.Name))
            .Concat(messages.OfType<AttributeProto>().Select(a => a.Name)).ToList();
        return names.Count == 0 ? "" : names[(int)((ulong)edit.Value % (ulong)names.Count)];
    }

    private static object Copy(object value) => value is IMessage message
        ? message.Descriptor.Parser.ParseFrom(message.ToByteArray())
        : value;

    private static void Collect(IMessage message, List<IMessage> into)
    {
        if (into.Count == MostMessages) return;
        into.Add(message);
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || field.IsMap) continue;
            var value = field.Accessor.GetValue(message);
            if (value is IMessage one) Collect(one, into);
            else if (value is IEnumerable many)
            {
                foreach (var inner in many) Collect((IMessage)inner, into);
            }
        }
    }
}
