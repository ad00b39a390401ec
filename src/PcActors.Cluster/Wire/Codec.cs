using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>Writes a value.</summary>
internal delegate void Writing<in TValue>(ref WireWriter writer, TValue value);

/// <summary>Reads a value, or throws a <see cref="WireException"/>.</summary>
internal delegate TValue Reading<out TValue>(ref WireReader reader);

/// <summary>How values of a type travel.</summary>
internal sealed record Codec<TValue>(Writing<TValue> Write, Reading<TValue> Read)
{
    /// <summary>How values of another type travel in the form of this one.</summary>
    public Codec<TOther> As<TOther>(Func<TOther, TValue> form, Func<TValue, TOther> value) =>
        new((ref writer, other) => Write(ref writer, form(other)), (ref reader) => value(Read(ref reader)));
}

/// <summary>The codecs of types. Numbers, texts, lists and tensors have one here, some types another
/// <see cref="Forms">form</see>; all others are records, whose codecs <see cref="RecordCodec">derive</see> from
/// those of their fields.</summary>
internal static class Codec
{
    private static readonly ConcurrentDictionary<Type, object> Known = new()
    {
        [typeof(bool)] = new Codec<bool>((ref writer, value) => writer.Flag(value), (ref reader) => reader.Flag()),
        [typeof(int)] = new Codec<int>((ref writer, value) => writer.Signed(value), (ref reader) => reader.Integer()),
        [typeof(long)] = new Codec<long>((ref writer, value) => writer.Signed(value), (ref reader) => reader.Signed()),
        [typeof(ulong)] = new Codec<ulong>((ref writer, value) => writer.Unsigned(value),
            (ref reader) => reader.Unsigned()),
        [typeof(double)] = new Codec<double>((ref writer, value) => writer.Double(value),
            (ref reader) => reader.Double()),
        [typeof(string)] = new Codec<string>((ref writer, value) => writer.Text(value), (ref reader) => reader.Text()),
        [typeof(ReadOnlyMemory<byte>)] =
            new Codec<ReadOnlyMemory<byte>>((ref writer, value) => writer.Block(value.Span),
                (ref reader) => reader.Block()),
        [typeof(Shape)] = new Codec<Shape>(TensorCodec.Write, TensorCodec.ReadShape),
    };

    /// <summary>A type's codec.</summary>
    /// <exception cref="NotSupportedException">It cannot travel.</exception>
    public static Codec<TValue> Of<TValue>() => (Codec<TValue>)Known.GetOrAdd(typeof(TValue), Make);

    /// <summary>The codec of a reference that may be null.</summary>
    public static Codec<TValue?> OfOptional<TValue>()
        where TValue : class
    {
        var codec = Of<TValue>();
        return new(
            (ref writer, value) =>
            {
                writer.Flag(value is not null);
                if (value is not null) codec.Write(ref writer, value);
            },
            (ref reader) => reader.Flag() ? codec.Read(ref reader) : null);
    }

    /// <summary>The codec of a type whose values are held as objects.</summary>
    public static Codec<object> OfBoxed<TValue>() => Of<TValue>().As<object>(boxed => (TValue)boxed, value => value!);

    /// <summary>What a generic method of this room returns for types.</summary>
    public static object Call(Type holder, string method, params Type[] types) =>
        holder.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .MakeGenericMethod(types).Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    private static object Make(Type type)
    {
        if (type.IsEnum) return Call(typeof(Codec), nameof(OfEnum), type);
        if (type.IsArray) return Call(typeof(Codec), nameof(OfArray), type.GetElementType()!);
        var (generic, arguments) = type.IsGenericType
            ? (type.GetGenericTypeDefinition(), type.GetGenericArguments())
            : (type, []);
        if (generic == typeof(Nullable<>)) return Call(typeof(Codec), nameof(OfNullable), arguments);
        if (generic == typeof(IReadOnlyList<>)) return Call(typeof(Codec), nameof(OfList), arguments);
        if (generic == typeof(Tensor<>)) return Call(typeof(TensorCodec), nameof(TensorCodec.Of), arguments);
        return Forms.Find(generic, arguments) ?? Call(typeof(RecordCodec), nameof(RecordCodec.Of), type);
    }

    private static Codec<TValue> OfEnum<TValue>()
        where TValue : struct, Enum => Of<int>().As<TValue>(
        Unsafe.BitCast<TValue, int>,
        number => Unsafe.BitCast<int, TValue>(number) is var value && Enum.IsDefined(value)
            ? value
            : throw new WireException($"there is no {typeof(TValue).Name} {number}"));

    private static Codec<TValue?> OfNullable<TValue>()
        where TValue : struct
    {
        var codec = Of<TValue>();
        return new(
            (ref writer, value) =>
            {
                writer.Flag(value is not null);
                if (value is { } present) codec.Write(ref writer, present);
            },
            (ref reader) => reader.Flag() ? codec.Read(ref reader) : null);
    }

    private static Codec<TItem[]> OfArray<TItem>() =>
        Of<IReadOnlyList<TItem>>().As<TItem[]>(array => array, list => (TItem[])list);

    private static Codec<IReadOnlyList<TItem>> OfList<TItem>()
    {
        var item = Of<TItem>();
        return new(
            (ref writer, list) =>
            {
                writer.Unsigned((uint)list.Count);
                for (var i = 0; i < list.Count; i++) item.Write(ref writer, list[i]);
            },
            (ref reader) =>
            {
                var items = new TItem[reader.Count()];
                for (var i = 0; i < items.Length; i++) items[i] = item.Read(ref reader);
                return items;
            });
    }
}
