using System.Reflection;
using System.Reflection.Emit;

namespace PcActors.Tests.Architecture;

/// <summary>All that code can get at: methods that it may call, directly or through others,
/// and what these touch.</summary>
/// <remarks>Read from the compiled assembly, so a claim in the source counts for nothing. It errs
/// on the side of too much: a call of a virtual method reaches every override, and a type that is made or held has all
/// its virtual methods called.</remarks>
internal sealed class CodeReach
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => (ushort)o.Value);

    private readonly HashSet<Assembly> _assemblies;
    private readonly ILookup<(string Name, int Parameters), MethodBase> _virtual;
    private readonly Dictionary<MethodBase, MethodBase?> _callers = [];
    private readonly HashSet<Type> _present = [];
    private readonly Queue<MethodBase> _open = new();

    private CodeReach(Assembly[] assemblies)
    {
        _assemblies = [.. assemblies];
        _virtual = assemblies.SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(Own))
            .Where(m => m.IsVirtual || MayImplement(m))
            .ToLookup(m => (Simple(m.Name), m.GetParameters().Length), m => (MethodBase)m);
    }

    /// <summary>A use of something by a method.</summary>
    /// <param name="By">The method.</param>
    /// <param name="What">A field, a method or a type, as the code names it.</param>
    /// <param name="Code">The instruction.</param>
    public readonly record struct Use(MethodBase By, MemberInfo What, OpCode Code);

    /// <summary>What the methods that can be reached use.</summary>
    public List<Use> Uses { get; } = [];

    /// <summary>Methods that can be reached.</summary>
    public IReadOnlyCollection<MethodBase> Methods => _callers.Keys;

    /// <summary>Reads code, beginning with all methods of some types.</summary>
    /// <param name="roots">The types that begin.</param>
    /// <param name="held">Types of objects that the roots hold or are sent.</param>
    /// <param name="assemblies">Where calls are followed; calls into others are uses, no more.</param>
    public static CodeReach From(IEnumerable<Type> roots, IEnumerable<Type> held, params Assembly[] assemblies)
    {
        var reach = new CodeReach(assemblies);
        // How a vertex is described and made is its host's business: static methods are read when they are called.
        foreach (var root in roots.Select(Definition))
        {
            foreach (var method in MethodsOf(root).Where(m => !m.IsStatic)) reach.Add(method, null);
        }
        foreach (var type in held) reach.Make(Definition(type), null);
        while (reach._open.TryDequeue(out var method)) reach.Read(method);
        return reach;
    }

    /// <summary>How a method is reached.</summary>
    public string Path(MethodBase method) =>
        (_callers[method] is { } caller ? Path(caller) + " -> " : "") + $"{method.DeclaringType?.Name}.{method.Name}";

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static string Simple(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>Whether a static method may be what an interface asks for.</summary>
    private static bool MayImplement(MethodInfo method) =>
        method.IsStatic && method.DeclaringType!.GetInterfaces().Length > 0;

    private static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own));

    private void Add(MethodBase method, MethodBase? caller)
    {
        if (!_assemblies.Contains(method.Module.Assembly)) return;
        // The definition, whatever it was called for.
        var definition = method.Module.ResolveMethod(method.MetadataToken)!;
        if (!_callers.TryAdd(definition, caller)) return;
        _open.Enqueue(definition);
        var owner = definition.DeclaringType!;
        if (definition.IsConstructor && !definition.IsStatic) Make(owner, definition);
        if (owner.TypeInitializer is { } initializer) Add(initializer, definition);
        if (!definition.IsVirtual && !(definition.IsStatic && definition.IsAbstract)) return;
        foreach (var other in _virtual[(Simple(definition.Name), definition.GetParameters().Length)].Where(
            m => Derives(m.DeclaringType!, owner)))
            Add(other, definition);
    }

    /// <summary>An object of this type may be there: everything that others may call on it without
    /// knowing it is reached.</summary>
    private void Make(Type type, MethodBase? maker)
    {
        if (!_assemblies.Contains(type.Assembly) || !_present.Add(type)) return;
        foreach (var method in type.GetMethods(Own).Where(m => m.IsVirtual)) Add(method, maker);
        if (type.BaseType is { } parent) Make(Definition(parent), maker);
    }

    private static bool Derives(Type type, Type from)
    {
        if (from.IsInterface) return type.GetInterfaces().Any(i => Definition(i) == from);
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (Definition(t) == from) return true;
        }
        return false;
    }

    private void Read(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) return;
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var i = 0; i < code.Length;)
        {
            ushort value = code[i++];
            if (value == 0xFE) value = (ushort)(0xFE00 | code[i++]);
            var instruction = OpCodesByValue[value];
            if (instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType
                or OperandType.InlineTok)
            {
                var what = method.Module.ResolveMember(BitConverter.ToInt32(code, i), typeArguments, methodArguments)!;
                Uses.Add(new Use(method, what, instruction));
                if (what is MethodBase called) Add(called, method);
                if (what is FieldInfo { IsStatic: true } field
                    && Definition(field.DeclaringType!).TypeInitializer is { } initializer) Add(initializer, method);
            }
            i += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }
}
