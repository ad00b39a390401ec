using System.Collections.Frozen;
using System.Numerics;
using System.Reflection;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Which of a message's properties a record of a trace has, and the message made of them again.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static class RecordedMessage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly FrozenDictionary<MessageKind,
        (ConstructorInvoker Make, (ParameterInfo Part, PropertyInfo? Key)[] Parts)> Kinds =
        MessageKind.All.ToFrozenDictionary(kind => kind, kind =>
        {
            var made = kind.TypeOf<T>().GetConstructors().Single();
            return (ConstructorInvoker.Create(made),
                made.GetParameters().Select(p => (p, KeyOf(p.Name!, p.ParameterType))).ToArray());
        });

    /// <summary>The property of a record that holds a message's; null for none.</summary>
    public static PropertyInfo? KeyOf(string name, Type type)
    {
        var key = typeof(TraceRecord).GetProperty(
            name == "Step" && type == typeof(StepId) ? nameof(TraceRecord.StepId) : name);
        return key?.PropertyType is { } found
            && (Nullable.GetUnderlyingType(found) ?? found) == (Nullable.GetUnderlyingType(type) ?? type) ? key : null;
    }

    /// <summary>The message of a record.</summary>
    /// <exception cref="InvalidOperationException">The record lacks a part of the message.</exception>
    public static object Of(MessageKind kind, TraceRecord record)
    {
        var (make, parts) = Kinds[kind];
        return make.Invoke(Array.ConvertAll(parts, p => PartOf(record, p.Part, p.Key)).AsSpan());
    }

    private static object? PartOf(TraceRecord record, ParameterInfo part, PropertyInfo? key)
    {
        if (part.Name == nameof(ClampTarget<T>.Mask)) return record.Mask?.ToTensor<T>(record.Shape!);
        if (part.ParameterType == typeof(Tensor<T>))
            return MayBeNull(part) && record.Form == TraceForm.None ? null : Payload(record).ToTensor<T>(record.Shape!);
        if (part.ParameterType == typeof(PullBack<T>)) return Payload(record).ToPullBack<T>(record.Shape!);
        // The number of a question is in no trace.
        if (key is null) return part.DefaultValue;
        var value = key.GetValue(record);
        return value is null && Nullable.GetUnderlyingType(part.ParameterType) is null
            ? throw Lacks(record, part.Name!)
            : value;
    }

    private static bool MayBeNull(ParameterInfo part) =>
        new NullabilityInfoContext().Create(part).ReadState == NullabilityState.Nullable;

    private static TracePayload Payload(TraceRecord record) => record.Payload ?? throw Lacks(record, "payload");

    private static InvalidOperationException Lacks(TraceRecord record, string key) =>
        new($"a {record.Kind} lacks its {char.ToLowerInvariant(key[0])}{key[1..]}");
}
