using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Reference;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Architecture;

/// <summary>Nothing but its own function, its edges and its neighbours' addresses can be
/// reached from a vertex.</summary>
public class LocalityByConstruction
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private static readonly Assembly House = typeof(Tensor<>).Assembly;

    private static readonly Type[] Forbidden =
    [
        typeof(Graph<float>), typeof(Vertex<float>), typeof(Edge), typeof(CoordinatorActor<float>),
        typeof(StepMachine<float>), typeof(VertexHost<float>), typeof(StepPlan),
        typeof(StepProgress), typeof(Network<float>), typeof(Batch<float>), typeof(Backpropagation<float>),
        typeof(ActorSystem),
    ];

    private static readonly Type[] AllTypes = [.. Closed()];

    private static readonly Type[] Vertices =
    [
        typeof(VertexActor<float>),
        .. Closed().Where(t => !t.IsAbstract && typeof(VertexState<float>).IsAssignableFrom(t)),
    ];

    public static TheoryData<Type> Roots => [.. Vertices];

    /// <summary>Types of objects that a vertex may hold, or hold by way of others.</summary>
    internal static IReadOnlyCollection<Type> HeldByVertices => [.. Vertices.SelectMany(v => Reach(v).Keys).Distinct()];

    /// <summary>Types that a vertex has no business with.</summary>
    internal static IReadOnlyList<Type> ForbiddenToVertices => Forbidden;

    [Theory]
    [MemberData(nameof(Roots))]
    public void No_field_leads_from_a_vertex_to_the_graph_or_the_coordinator(Type root)
    {
        var reached = Reach(root);
        Assert.Equal([],
            reached.Keys.Where(t => Forbidden.Any(f => f.IsAssignableFrom(t))).Select(t => Path(reached, t)));
    }

    [Fact]
    public void No_field_leads_from_a_vertex_to_another_one()
    {
        var holders = Vertices.SelectMany(v => Reach(v).Keys).Distinct()
            .Where(t => t.Assembly == House).SelectMany(t => t.GetFields(Instance))
            .Where(f => Parts(f.FieldType).Any(typeof(VertexState<float>).IsAssignableFrom))
            .Select(f => $"{f.DeclaringType!.Name}: {f.FieldType.Name}");
        // The actor holds its own state, in one field, which is no collection.
        Assert.Equal(["VertexActor`1: VertexState`1"], holders);
    }

    [Fact]
    public void Addresses_reach_the_actor_alone()
    {
        foreach (var root in Vertices.Where(r => r != typeof(VertexActor<float>)))
            Assert.DoesNotContain(Reach(root).Keys, t => typeof(IActorRef).IsAssignableFrom(t));
        Assert.Contains(typeof(IActorRef), Reach(typeof(VertexActor<float>)).Keys);
    }

    // A field of such a type could hold the graph, and nobody would see it.
    [Fact]
    public void No_field_of_a_vertex_can_hold_just_anything()
    {
        var opaque = HeldByVertices.Where(t => t.Assembly == House).SelectMany(t => t.GetFields(Instance))
            .Where(f => Parts(f.FieldType).Any(t =>
                t == typeof(object) || t.IsPointer || typeof(Delegate).IsAssignableFrom(t) || typeof(Type) == t))
            .Select(f => $"{f.DeclaringType!.Name}: {f.FieldType.Name} {f.Name}");
        // Attributes let nothing but numbers, texts and arrays of them in.
        Assert.Equal(["Attributes: FrozenDictionary`2 _values"], opaque);
    }

    [Fact]
    public void No_static_field_can_be_written_in_the_rooms_of_learning_and_actors()
    {
        var wrong = Rooms("PcActors.Learning", "PcActors.Runs")
            .SelectMany(t => t.GetFields(Static)).Where(f => !f.IsLiteral && !f.IsInitOnly)
            .Select(f => $"{f.DeclaringType}.{f.Name}");
        Assert.Equal([], wrong);
    }

    [Fact]
    public void What_static_fields_hold_cannot_be_changed() =>
    Assert.Equal([], Changeable("PcActors.Learning", "PcActors.Runs"));

    [Fact]
    public void Functions_and_graphs_hold_no_more_than_tables_of_their_own() =>
        Assert.Equal([],
            Changeable("PcActors.Functions", "PcActors.Graphs")
                .Where(f => !f.StartsWith("private table", StringComparison.Ordinal)));

    private static IEnumerable<string> Changeable(params string[] rooms) => Rooms(rooms)
        .Select(t => t.ContainsGenericParameters && t.GetGenericArguments().All(IsElementType)
            ? t.MakeGenericType([.. t.GetGenericArguments().Select(_ => typeof(float))])
            : t)
        // A type that is open still, over a kernel's function or register, must have no such field at all.
        .SelectMany(t => t.GetFields(Static))
        .Where(f => !f.IsLiteral && (f.DeclaringType!.ContainsGenericParameters || !IsImmutable(f)))
        .Select(f => (f.IsPrivate && typeof(IEnumerable).IsAssignableFrom(f.FieldType) ? "private table " : "")
            + $"{f.DeclaringType}.{f.Name}: {f.FieldType}");

    private static IEnumerable<Type> Rooms(params string[] rooms) => House.GetTypes().Where(t =>
        rooms.Any(r => t.Namespace == r || (t.Namespace?.StartsWith(r + ".", StringComparison.Ordinal) ?? false))
        // Lambdas that hold nothing are cached by the compiler.
        && !t.IsDefined(typeof(CompilerGeneratedAttribute))
        && !(t.DeclaringType?.IsDefined(typeof(CompilerGeneratedAttribute)) ?? false));

    private static bool IsImmutable(FieldInfo field) =>
        field.FieldType.IsArray ? ((Array)field.GetValue(null)!).Length == 0 : IsLasting(field.FieldType);

    /// <summary>Whether an object of this type stays as it was made.</summary>
    internal static bool IsLasting(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan)
            || type == typeof(Props)) return true;
        if (type.IsInterface) return type.Name.StartsWith("IReadOnly", StringComparison.Ordinal);
        // One of ours whose fields cannot be written either.
        return type.Assembly == House && type.GetFields(Instance).All(f => f.IsInitOnly);
    }

    /// <summary>The house's types, generic ones for <see cref="float"/>.</summary>
    private static IEnumerable<Type> Closed() => House.GetTypes()
        .Where(
            t => !t.ContainsGenericParameters || (t.GetGenericArguments() is [var argument] && IsElementType(argument)))
        .Select(t => t.ContainsGenericParameters ? t.MakeGenericType(typeof(float)) : t);

    /// <summary>Whether a type parameter stands for the elements of tensors: a number, and not a kernel's
    /// function or register.</summary>
    private static bool IsElementType(Type parameter) =>
        parameter.GetGenericParameterConstraints()
            .Any(c => c.Name.StartsWith("IBinaryFloatingPointIeee754", StringComparison.Ordinal));

    /// <summary>Types that fields lead to, with the one that leads there; of a type of the house, all that
    /// derive from it too.</summary>
    private static Dictionary<Type, Type?> Reach(Type root)
    {
        var reached = new Dictionary<Type, Type?> { [root] = null };
        var open = new Queue<Type>([root]);
        while (open.TryDequeue(out var type))
        {
            foreach (var next in FieldTypes(type).SelectMany(Parts).Where(t => !reached.ContainsKey(t)).Distinct()
                .ToList())
            {
                reached.Add(next, type);
                if (next.Assembly == House) open.Enqueue(next);
            }
            var fitting = AllTypes.Where(t => t.BaseType == type || (type.IsInterface && type.IsAssignableFrom(t)));
            foreach (var derived in fitting.Where(t => !reached.ContainsKey(t)).ToList())
            {
                reached.Add(derived, type);
                open.Enqueue(derived);
            }
        }
        return reached;
    }

    private static IEnumerable<Type> FieldTypes(Type type)
    {
        for (var t = type; t is not null && t.Assembly == House; t = t.BaseType)
        {
            foreach (var field in t.GetFields(Instance)) yield return field.FieldType;
        }
    }

    /// <summary>A type, and those that it is made of.</summary>
    internal static IEnumerable<Type> Parts(Type type)
    {
        yield return type;
        if (type.GetElementType() is { } element)
        {
            foreach (var part in Parts(element)) yield return part;
        }
        foreach (var part in type.GetGenericArguments().SelectMany(Parts)) yield return part;
    }

    private static string Path(Dictionary<Type, Type?> reached, Type type) =>
        reached[type] is { } from ? $"{Path(reached, from)} -> {type.Name}" : type.Name;
}
