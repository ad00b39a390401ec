using System.Linq.Expressions;
using System.Reflection;

namespace PcActors.Cluster.Wire;

/// <summary>Codecs that derive from types: a record's fields are the parameters of its constructor, in their
/// order, and then whatever else can be set when it is made. They are compiled once; no message is
/// looked at by reflection.</summary>
internal static class RecordCodec
{
    /// <summary>A record's codec.</summary>
    /// <exception cref="NotSupportedException">It is none.</exception>
    public static Codec<TValue> Of<TValue>()
    {
        if (typeof(TValue).GetConstructors() is not [var constructor] || typeof(TValue).IsAbstract)
            throw new NotSupportedException($"a {typeof(TValue).Name} is no record, and does not travel between nodes");
        PropertyInfo[] parameters = [.. constructor.GetParameters().Select(p => typeof(TValue).GetProperty(p.Name!)!)];
        PropertyInfo[] others =
        [
            .. typeof(TValue).GetProperties().Where(p => p.SetMethod is { IsPublic: true })
                .ExceptBy(parameters.Select(p => p.Name), p => p.Name)
                .OrderBy(p => p.MetadataToken),
        ];
        var writer = Expression.Parameter(typeof(WireWriter).MakeByRefType());
        var reader = Expression.Parameter(typeof(WireReader).MakeByRefType());
        var value = Expression.Parameter(typeof(TValue));
        var codecs = parameters.Concat(others).ToDictionary(p => p, CodecOf);
        var write = Expression.Lambda<Writing<TValue>>(
            Expression.Block(
                [.. codecs.Select(
                    f => Expression.Invoke(Half(f.Value, "Write"), writer, Expression.Property(value, f.Key))),
                    Expression.Empty()]),
            writer, value);
        Expression Read(PropertyInfo field) => Expression.Block(
            Expression.Assign(Expression.Field(reader, nameof(WireReader.Field)), Expression.Constant(field.Name)),
            Expression.Invoke(Half(codecs[field], "Read"), reader));
        var read = Expression.Lambda<Reading<TValue>>(
            Expression.MemberInit(Expression.New(constructor, parameters.Select(Read)),
                others.Select(p => Expression.Bind(p, Read(p)))), reader);
        return Checked(new Codec<TValue>(write.Compile(), read.Compile()));
    }

    private static ConstantExpression Half(object codec, string half) =>
        Expression.Constant(codec.GetType().GetProperty(half)!.GetValue(codec));

    private static object CodecOf(PropertyInfo field)
    {
        var isOptional = !field.PropertyType.IsValueType
            && new NullabilityInfoContext().Create(field).ReadState == NullabilityState.Nullable;
        return Codec.Call(typeof(Codec), isOptional ? nameof(Codec.OfOptional) : nameof(Codec.Of), field.PropertyType);
    }

    private static Codec<TValue> Checked<TValue>(Codec<TValue> codec)
    {
        if (Soundness.Of<TValue>() is not { } require) return codec;
        return codec with
        {
            Read = (ref reader) =>
            {
                var value = codec.Read(ref reader);
                require(value);
                return value;
            },
        };
    }
}
