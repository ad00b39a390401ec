using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Wire;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>Messages of any type with random content, as far as what they say can be: their fields are
/// read off their types.</summary>
/// <param name="random">Chooses.</param>
internal sealed class RandomMessages<T>(SeededRandom random)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What is counted or waited for.
    private static readonly string[] Positive = ["Vertices", "Nodes", "MinNodes", "MaxRetries", "Step",
        "Updates"];

    private static readonly Graph<T> Network = Levelling.Level(SmallModels.Build<T>("residual", 4));

    private static readonly RunVertex<T>[] Vertices = [
        .. RunPlan<T>.Describe(Network, new Dictionary<int, ParameterSnapshot<T>>())];

    /// <summary>A message.</summary>
    public object Next(Type type) => Value(type, "");

    private object Value(Type type, string name) => type switch
    {
        _ when name is "MicroBatches" or "InferenceSteps" or "SettlingSteps" => 1 + random.NextInt(1_000_000),
        _ when type == typeof(bool) => random.NextInt(2) == 1,
        _ when type == typeof(int) =>
            Positive.Contains(name) ? 1 + random.NextInt(100) : (int)Number() >> random.NextInt(32),
        _ when type == typeof(long) =>
            Positive.Contains(name) ? 1 + (Number() >>> (1 + random.NextInt(63))) : Number() >> random.NextInt(64),
        _ when type == typeof(ulong) => random.NextUInt64() >> random.NextInt(64),
        _ when type == typeof(double) => BitConverter.Int64BitsToDouble(Number()),
        _ when type == typeof(string) => Text(),
        _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(1 + (Number() >>> (1 + random.NextInt(63)))),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(Bytes(random.NextInt(300))),
        _ when type == typeof(Shape) => ShapeOf(random.NextInt(4)),
        _ when type == typeof(Tensor<T>) => Tensor(ShapeOf(random.NextInt(4))),
        _ when type == typeof(FactoredProduct<T>) => Product(1 + random.NextInt(4), 1 + random.NextInt(4)),
        _ when type == typeof(PullBack<T>) => PullBack(),
        _ when type == typeof(ParameterSnapshot<T>) => Snapshot(),
        _ when type == typeof(LearningRule) => OneOf(Catalogues.Rules.All).Create(),
        _ when type == typeof(VertexOptions) => Options(),
        _ when type == typeof(Loss) => OneOf(Catalogues.Losses.All).Create(),
        _ when type == typeof(Energy) => OneOf(Catalogues.Energies.All).Create(),
        _ when type == typeof(Optimizer) =>
            OneOf(Catalogues.Optimizers.All).Create(("learningRate", 1e-3 + random.NextDouble())),
        _ when type == typeof(Schedule) => OneOf(Catalogues.Schedules.All).Create(),
        _ when type == typeof(RunVertex<T>) => OneOf(Vertices),
        _ when type == typeof(VertexPlan<T>) => Plan(OneOf(Network.Vertices).Id),
        _ when type == typeof(object) => Result(),
        _ when type.IsEnum =>
            OneOf(Enum.GetValuesAsUnderlyingType(type).Cast<int>().Select(v => Enum.ToObject(type, v)).ToList()),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            List(type.GetGenericArguments()[0], name),
        _ => Record(type),
    };

    private object Record(Type type)
    {
        var constructor = Assert.Single(type.GetConstructors());
        var nullability = new NullabilityInfoContext();
        var arguments = constructor.GetParameters().Select(p =>
        {
            var inner = Nullable.GetUnderlyingType(p.ParameterType);
            var mayBeNull = inner is not null || nullability.Create(p).ReadState == NullabilityState.Nullable;
            // A step has a target, whatever else is left out.
            if (mayBeNull && random.NextInt(2) == 0 && p.Name != "Target") return null;
            return Value(inner ?? p.ParameterType, p.Name!);
        }).ToArray();
        var record = constructor.Invoke(arguments);
        foreach (var other in type.GetProperties()
            .Where(p => p.SetMethod is not null && constructor.GetParameters().All(q => q.Name != p.Name)))
            other.SetValue(record, Value(other.PropertyType, other.Name));
        return record;
    }

    private VertexOptions Options()
    {
        var options = (VertexOptions)Record(typeof(VertexOptions));
        return options.Rule.FitsWavefront ? options : options with { Clock = Clock.Lockstep };
    }

    private Array List(Type item, string name)
    {
        var list = Array.CreateInstance(item, random.NextInt(5));
        for (var i = 0; i < list.Length; i++) list.SetValue(Value(item, name), i);
        return list;
    }

    private long Number() => (long)random.NextUInt64();

    private byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)random.NextInt(256))];

    private string Text() =>
        string.Concat(
            Enumerable.Range(0, random.NextInt(20))
                .Select(_ => OneOf(["a", "7", "-", "/", "\u00e4", "\u8a9e", "\U0001f9e0"])));

    private Shape ShapeOf(int rank) => new([.. Enumerable.Range(0, rank).Select(_ => random.NextInt(5))]);

    private Tensor<T> Tensor(Shape shape) =>
        Tensor<T>.From(shape, MemoryMarshal.Cast<byte, T>(Bytes(shape.Length * Unsafe.SizeOf<T>())));

    private FactoredProduct<T> Product(int m, int n)
    {
        var (k, left, right) = (1 + random.NextInt(4), random.NextInt(2) == 1, random.NextInt(2) == 1);
        return new(
            Tensor(new Shape(m * k)), left ? k : m, left, Tensor(new Shape(k, n)), right ? n : k, right,
            new Shape(m, n));
    }

    private PullBack<T> PullBack()
    {
        var (m, n) = (1 + random.NextInt(4), 1 + random.NextInt(4));
        var start = random.NextInt(2) == 0 ? null : Tensor(new Shape(m, n));
        return random.NextInt(3) switch
        {
            0 => new(Tensor(new Shape(m, n)), null),
            1 => new(null, Product(m, n)),
            _ => new(null, null, FactoredSum<T>.Of(start,
                [.. Enumerable.Range(0, 1 + random.NextInt(FactoredSum<T>.MaxTerms)).Select(_ => Product(m, n))])),
        };
    }

    private ParameterSnapshot<T> Snapshot()
    {
        var shape = ShapeOf(2);
        return new(Tensor(shape), Number() >>> 1,
            [.. Enumerable.Range(0, random.NextInt(3)).Select(_ => Tensor(shape))]);
    }

    private object Result() => Value(OneOf([typeof(StepResult), typeof(Tensor<T>), typeof(MessageCounts)]), "");

    private VertexPlan<T> Plan(int id)
    {
        Place PlaceOf(int vertex) => new(vertex, random.NextInt(100));
        return new(
            VertexDescription<T>.Of(Network, id), [.. Network.Inputs(id).Select(e => PlaceOf(e.From))],
            [.. Network.Consumers(id).Select(e => PlaceOf(e.To))]);
    }

    private TItem OneOf<TItem>(IReadOnlyList<TItem> items) => items[random.NextInt(items.Count)];
}
