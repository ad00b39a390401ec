using System.Reflection;
using System.Runtime.CompilerServices;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Architecture;

/// <summary>No code that a vertex can run gets at anything but the vertex, its messages and its
/// neighbours' addresses.</summary>
/// <remarks>Fields are one way out, code is the other: a static table, the actor system
/// behind an actor's context, a file. So every method that a vertex may come to call is
/// read, through all rooms.</remarks>
public class LocalityOfCode
{
    private static readonly Assembly House = typeof(Tensor<>).Assembly;

    private static readonly CodeReach Vertices = CodeReach.From(
        House.GetTypes().Where(t => t == typeof(VertexActor<>) || IsState(t)), LocalityByConstruction.HeldByVertices,
        House);

    // All that a vertex needs of Akka.
    private static readonly string[] Addresses =
    [
        "ActorBase.get_Self", "ActorPath.get_Name", "IActorRef.get_Path", "ICanTell.Tell", "Props.Create",
        "UntypedActor..ctor",
    ];

    // Namespaces of the platform that compute and hold nothing for others to find.
    private static readonly string[] Computing =
    [
        "System", "System.Collections", "System.Collections.Frozen", "System.Collections.Generic",
        "System.Globalization", "System.Linq",
        "System.Numerics", "System.Numerics.Tensors", "System.Runtime.CompilerServices",
        "System.Runtime.InteropServices",
        "System.Runtime.Intrinsics", "System.Runtime.Intrinsics.Arm", "System.Runtime.Intrinsics.X86", "System.Text",
    ];

    // What of these namespaces is a place to meet all the same, or a way to call what is not named.
    private static readonly Type[] MeetingPlaces =
    [
        typeof(Activator), typeof(AppContext), typeof(AppDomain), typeof(Console), typeof(Environment), typeof(Random),
        typeof(WeakReference),
        typeof(DateTime), typeof(DateTimeOffset), typeof(Delegate), typeof(MulticastDelegate), typeof(TypedReference),
        typeof(CallSite), typeof(ConditionalWeakTable<,>), typeof(System.Runtime.InteropServices.GCHandle),
    ];

    // Single members of other namespaces: names of types for messages to people, how actors are made, scratch arrays.
    private static readonly string[] Harmless =
    [
        "MemberInfo.get_Name", "Expression.New", "Expression.Lambda", "ArrayPool`1.get_Shared", "ArrayPool`1.Rent",
        "ArrayPool`1.Return",
    ];

    // How one kernel is shared out: a job that a vertex makes of its own work, and that is done when the kernel ends.
    private static readonly string[] SharedOut =
    [
        "ExceptionDispatchInfo.Throw", "Interlocked.CompareExchange", "Interlocked.Increment",
        "Interlocked.MemoryBarrier", "Interlocked.Or", "Monitor.Enter", "Monitor.Exit", "Monitor.Pulse",
        "SpinWait.SpinOnce", "SpinWait.SpinWait", "ThreadPool.UnsafeQueueUserWorkItem", "Volatile.Read",
        "Volatile.Write",
    ];

    // How memory is let: by turns, and with holders that are counted.
    private static readonly string[] Letting =
    [
        "Interlocked.CompareExchange", "Lock.EnterScope", "Lock..ctor", "Scope.Dispose", "Volatile.Read",
        "Volatile.Write",
    ];

    // Of one thread: how many others may help with its kernel, which is told before each message, and which ones, which
    // it learns when it starts; and scratch space, which no product leaves anything in for the next to read.
    private static readonly string[] Scratch =
    [
        "KernelThreads._count", "KernelThreads._helpers", "KernelThreads._place", "KernelThreads._places",
        "Workspace._current",
    ];

    [Fact]
    public void The_code_reaches_neither_graph_nor_coordinator() => Assert.Equal([], ForbiddenIn(Vertices));

    [Fact]
    public void Of_Akka_the_code_uses_its_neighbours_addresses_and_no_more() =>
    Assert.Equal(Addresses, AkkaIn(Vertices));

    [Fact]
    public void The_code_uses_nothing_of_the_platform_where_vertices_could_meet() =>
    Assert.Equal([], OutsideIn(Vertices));

    [Fact]
    public void The_code_writes_no_static_field_and_reads_none_that_could_be_written() =>
        Assert.Equal(Scratch, StaticsIn(Vertices).Distinct().Order(StringComparer.Ordinal));

    // The reader has to see far: through virtual calls, lambdas, iterators, and static interfaces.
    [Theory]
    [InlineData("FunctionState`2", "OnError")]
    [InlineData("WavefrontState`1", "TakeError")]
    [InlineData("ParameterState`1", "Commit")]
    [InlineData("Adam", "Update")]
    [InlineData("CrossEntropy", "Evaluate")]
    [InlineData("Gemm`1", "PullBack")]
    [InlineData("Sin", "Value")]
    [InlineData("MicroKernel`5", "Run")]
    public void Code_far_from_the_vertex_is_seen(string type, string method) =>
        Assert.Contains(Vertices.Methods,
            m => m.DeclaringType!.Name == type && m.Name.EndsWith(method, StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(Rogues.Selecting), "IActorRefFactory.ActorSelection", "UntypedActor.get_Context")]
    [InlineData(typeof(Rogues.AskingItsParent), "IActorContext.get_Parent", "UntypedActor.get_Context")]
    public void A_vertex_that_looks_for_others_is_found_out(Type rogue, params string[] expected) =>
        Assert.Equal(expected, AkkaIn(ReachOf(rogue)).Where(expected.Contains));

    [Theory]
    [InlineData(typeof(Rogues.SharingATable))]
    [InlineData(typeof(Rogues.SharingANumber))]
    [InlineData(typeof(Rogues.SharingInALambda))]
    public void A_vertex_that_shares_memory_is_found_out(Type rogue) =>
        Assert.Contains(StaticsIn(ReachOf(rogue)), f => f.StartsWith("Shared.", StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(Rogues.WritingAFile))]
    [InlineData(typeof(Rogues.Reflecting))]
    [InlineData(typeof(Rogues.UsingAThreadSlot))]
    public void A_vertex_that_leaves_by_the_platform_is_found_out(Type rogue) =>
    Assert.NotEmpty(OutsideIn(ReachOf(rogue)));

    [Fact]
    public void A_vertex_that_reads_the_graph_is_found_out() =>
    Assert.NotEmpty(ForbiddenIn(ReachOf(typeof(Rogues.ReadingTheGraph))));

    private static CodeReach ReachOf(Type rogue) => CodeReach.From([rogue], [], House, rogue.Assembly);

    private static bool IsState(Type type) =>
        type == typeof(VertexState<>)
            || (type.BaseType is { IsGenericType: true } parent
                && parent.GetGenericTypeDefinition() == typeof(VertexState<>));

    private static IEnumerable<string> ForbiddenIn(CodeReach reach) => reach.Uses
        .Where(u => TypesOf(u.What).Select(Definition).Any(t =>
            LocalityByConstruction.ForbiddenToVertices.Any(f => Definition(f) == t)))
        .Select(u => $"{u.What.DeclaringType?.Name}.{u.What.Name} by {reach.Path(u.By)}");

    private static IEnumerable<string> AkkaIn(CodeReach reach) => reach.Uses
        .Where(
            u => TypeOf(u.What).Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal)
                && u.What is not Type)
        .Select(u => NameOf(u.What)).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> OutsideIn(CodeReach reach) =>
        from use in reach.Uses
        let type = Definition(TypeOf(use.What))
        where type.Assembly != House && !type.Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal)
        where type.Assembly != typeof(LocalityOfCode).Assembly
        where !Computing.Contains(type.Namespace) || MeetingPlaces.Contains(type)
        where !Harmless.Contains(NameOf(use.What))
        where use.By.DeclaringType?.Namespace != typeof(KernelThreads).Namespace
            || !SharedOut.Contains(NameOf(use.What))
        where !IsPool(use.By.DeclaringType) || !Letting.Contains(NameOf(use.What))
        select $"{type}.{use.What.Name} by {reach.Path(use.By)}";

    private static IEnumerable<string> StaticsIn(CodeReach reach) =>
        from use in reach.Uses
        let field = use.What as FieldInfo
        where field is { IsStatic: true, IsLiteral: false } && !IsMadeByTheCompiler(field.DeclaringType!)
        let isInitialiser = use.By is ConstructorInfo { IsStatic: true }
            && use.By.DeclaringType == Definition(field.DeclaringType!)
        where !isInitialiser || !field.IsInitOnly
        where !field.IsInitOnly || use.Code.Name is "stsfld" or "ldsflda" && !IsValue(field)
            || !LocalityByConstruction.IsLasting(field.FieldType)
        select NameOf(field);

    private static bool IsPool(Type? type) =>
        type is not null && (Definition(type) == typeof(BufferPool<>) || Definition(type) == typeof(PooledBuffer<>));

    private static bool IsValue(FieldInfo field) =>
        field.FieldType.IsValueType && LocalityByConstruction.IsLasting(field.FieldType);

    // Lambdas that hold nothing, and the contents of constant arrays.
    private static bool IsMadeByTheCompiler(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static Type TypeOf(MemberInfo what)
    {
        var type = what as Type ?? what.DeclaringType!;
        while (type.HasElementType) type = type.GetElementType()!;
        return type;
    }

    private static string NameOf(MemberInfo what) => $"{TypeOf(what).Name}.{what.Name}";

    private static IEnumerable<Type> TypesOf(MemberInfo what) => (what switch
    {
        FieldInfo field => LocalityByConstruction.Parts(field.FieldType),
        MethodInfo method =>
            method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType)
                .SelectMany(LocalityByConstruction.Parts),
        ConstructorInfo constructor =>
            constructor.GetParameters().SelectMany(p => LocalityByConstruction.Parts(p.ParameterType)),
        _ => [],
    }).Concat(LocalityByConstruction.Parts(what as Type ?? what.DeclaringType!));
}
