using System.Numerics;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Energies;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>The types that travel in another form than their own: the name of an operator and its attributes
/// for a function, the name of a description and its values for a rule, a loss, an optimizer or a schedule.</summary>
internal static class Forms
{
    /// <summary>The codec of such a type; null for any other.</summary>
    /// <param name="type">The type, of a generic one its definition.</param>
    /// <param name="arguments">A generic one's arguments.</param>
    public static object? Find(Type type, Type[] arguments)
    {
        if (type == typeof(TimeSpan)) return Codec.Of<long>().As<TimeSpan>(time => time.Ticks, TimeSpan.FromTicks);
        if (type == typeof(object)) return AttributeValue();
        if (type == typeof(Attributes)) return AttributeSet();
        if (type == typeof(LearningRule)) return Described(Catalogues.Rules);
        if (type == typeof(Loss)) return Described(Catalogues.Losses);
        if (type == typeof(Energy)) return Described(Catalogues.Energies);
        if (type == typeof(Optimizer)) return Described(Catalogues.Optimizers);
        if (type == typeof(Schedule)) return Described(Catalogues.Schedules);
        if (type == typeof(ElementaryFunction<>)) return Codec.Call(typeof(Forms), nameof(Function), arguments);
        if (type == typeof(FactoredSum<>)) return Codec.Call(typeof(Forms), nameof(Sum), arguments);
        return type == typeof(WorkDone<>) ? Codec.Call(typeof(Forms), nameof(Done), arguments) : null;
    }

    private static Codec<TKind> Described<TKind>(Catalogue<TKind> catalogue)
        where TKind : class, IDescribed => Codec.Of<NameAndAttributes>().As<TKind>(
        described => new(described.Values.Kind, described.Values.Attributes),
        form => catalogue.Restore(form.Name, form.Attributes));

    private static Codec<ElementaryFunction<T>> Function<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Codec.Of<NameAndAttributes>().As<ElementaryFunction<T>>(
        function => new(function.OperatorType, function.Attributes),
        form => OperatorCatalogue.Create<T>(form.Name, form.Attributes));

    private static Codec<Attributes> AttributeSet() => Codec.Of<IReadOnlyList<OneAttribute>>().As<Attributes>(
        attributes => [.. attributes.Names.Select(name => new OneAttribute(name, attributes[name]!))],
        form => Attributes.Of([.. form.Select(a => (a.Name, (object?)a.Value))]));

    // What is held as an object is an attribute's value.
    private static Codec<object> AttributeValue()
    {
        Type[] types = [typeof(long), typeof(double), typeof(string), typeof(long[]), typeof(double[]),
            typeof(string[])];
        var codecs = Array.ConvertAll(types, t => (Codec<object>)Codec.Call(typeof(Codec), nameof(Codec.OfBoxed), t));
        return new(
            (ref writer, value) =>
            {
                var kind = Array.IndexOf(types, value.GetType());
                if (kind < 0)
                    throw new WireException($"a value of type {value.GetType().Name} does not travel between nodes");
                writer.Byte((byte)kind);
                codecs[kind].Write(ref writer, value);
            },
            (ref reader) => reader.Byte() is var kind && kind < codecs.Length
                ? codecs[kind].Read(ref reader)
                : throw new WireException($"there are no values of kind {kind}"));
    }

    private static Codec<FactoredSum<T>> Sum<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Codec.Of<SumParts<T>>().As<FactoredSum<T>>(
        sum =>
        {
            var (start, terms) = sum.Parts();
            return new(start, terms);
        },
        parts => FactoredSum<T>.Of(parts.Start, [.. parts.Terms]));

    private static Codec<WorkDone<T>> Done<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Codec.Of<DoneForm<T>>().As<WorkDone<T>>(
        done =>
            new(done.Term, done.Number, done.Result as StepResult, done.Result as Tensor<T>,
                done.Result as MessageCounts, done.Result as InferenceDone<T>),
        form => new(form.Term, form.Number,
            (object?)form.Step ?? form.Prediction ?? (object?)form.Inference ?? form.Counts!));
}

/// <summary>A function, a rule, a loss, an optimizer or a schedule.</summary>
internal sealed record NameAndAttributes(string Name, Attributes Attributes);

/// <summary>An attribute.</summary>
internal sealed record OneAttribute(string Name, object Value);

/// <summary>A <see cref="FactoredSum{T}"/>.</summary>
internal sealed record SumParts<T>(Tensor<T>? Start, IReadOnlyList<FactoredProduct<T>> Terms)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A <see cref="WorkDone{T}"/>, whose result is one of four.</summary>
internal sealed record DoneForm<T>(int Term, long Number, StepResult? Step, Tensor<T>? Prediction,
    MessageCounts? Counts, InferenceDone<T>? Inference)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
