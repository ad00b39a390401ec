using System.Numerics;
using System.Reflection;

namespace PcActors.Functions;

/// <summary>Everything about an operator that is not mathematics, said once: its name, inputs and
/// attributes, what its elements are, and which class is its function. The catalogue, the checks of attributes, the
/// import and export of model files and the document of operators follow from it.</summary>
/// <param name="Name">The operator type; ONNX's for its own operators. An operator's further output has a name such as
/// <c>Dropout:mask</c>, and further outputs count in the order in which they are registered.</param>
public sealed record Operator(string Name)
{
    /// <summary>The newest of ONNX's opsets that is known.</summary>
    public const int NewestOpset = 28;

    private readonly Type[] _arguments = [];
    private readonly OperatorAttribute[] _known = [];
    private readonly OperatorInput[] _inputs = ["X"];
    private readonly OperatorInput[] _functionInputs = ["X"];
    private readonly long[] _optional = [];
    private readonly Type? _function;

    // Found once for each element type: graphs of many vertices make many functions.
    private readonly ConstructorInfo?[] _constructors = new ConstructorInfo?[2];

    /// <summary>An operator with its function.</summary>
    /// <param name="name">The operator type.</param>
    /// <param name="function">A generic class over the element type, such as
    /// <c>typeof(Softmax&lt;&gt;)</c>, that derives from <see cref="ElementaryFunction{T}"/> and has a public
    /// constructor that takes <see cref="OperatorSettings"/>.</param>
    /// <param name="arguments">Its type arguments after the element type.</param>
    public Operator(string name, Type function, params Type[] arguments)
        : this(name)
    {
        (Function, _arguments) = (function, arguments);
    }

    /// <summary>An operator that maps each element by itself.</summary>
    /// <param name="name">The operator type.</param>
    /// <typeparam name="TMap">The map of one number.</typeparam>
    public static Operator Elementwise<TMap>(string name)
        where TMap : struct, IScalarMap<TMap> => new(name, typeof(ScalarFunction<,>), typeof(TMap));

    /// <summary>The generic class of the function; null when there is none, and the import
    /// makes others of it.</summary>
    public Type? Function
    {
        get => _function;
        init => (_function, _constructors) = (value, new ConstructorInfo?[2]);
    }

    /// <summary>The inputs, in ONNX's order; the default is one, X. Some may be attributes of the function.</summary>
    public IReadOnlyList<OperatorInput> Inputs
    {
        get => _inputs;
        init
        {
            _inputs = [.. value];
            _functionInputs = [.. value.Where(input => input.Attribute is null)];
            _optional = [.. _inputs.Index().Where(input => input.Item.IsOptional).Select(input => (long)input.Index)];
            _known = [.. _known, .. value.Select(input => input.Attribute).OfType<OperatorAttribute>()];
        }
    }

    /// <summary>The attributes, those that are inputs in ONNX too.</summary>
    public IReadOnlyList<OperatorAttribute> Attributes
    {
        get => _known;
        init => _known = [.. value, .. _known];
    }

    /// <summary>What the output's elements are; the default is what the first input's are.</summary>
    public OutputKind Output { get; init; }

    /// <summary>Of a map of each element by itself, its floating-point operations an element, about.</summary>
    public int ElementCost { get; init; } = 1;

    /// <summary>The first of ONNX's opsets that has it; 6 is the oldest that is read.</summary>
    public int Since { get; init; } = 6;

    /// <summary>The last of ONNX's opsets that has it.</summary>
    public int Until { get; init; } = NewestOpset;

    /// <summary>What else one should know, for the document of operators.</summary>
    public string Remark { get; init; } = "";

    /// <summary>How few inputs the function takes.</summary>
    internal int MinInputs => _functionInputs.Length - _optional.Length;

    /// <summary>How many inputs the function takes; <see cref="int.MaxValue"/> when there is no bound.</summary>
    internal int MaxInputs => _functionInputs is [.., { IsRepeated: true }] ? int.MaxValue : _functionInputs.Length;

    /// <summary>The positions, in ONNX's list, of inputs that may be left out.</summary>
    internal ReadOnlySpan<long> Optional => _optional;

    /// <summary>The inputs that nothing is pulled back to, one bit each.</summary>
    internal uint WithoutPullBack
    {
        get
        {
            if (Output is OutputKind.Condition or OutputKind.Indices) return uint.MaxValue;
            var bits = 0u;
            for (var i = 0; i < _functionInputs.Length; i++)
            {
                if (_functionInputs[i].Kind is InputKind.Indices or InputKind.Condition or InputKind.Numbers)
                    bits |= 1u << i;
            }
            return bits;
        }
    }

    /// <summary>The attribute of a name, or null when there is no such one.</summary>
    public OperatorAttribute? Find(string attribute) => Array.Find(_known, known => known.Name == attribute);

    /// <summary>What an input is, by its position in ONNX's list; an ordinary one beyond
    /// those that are listed.</summary>
    public OperatorInput Input(int position) => position < _inputs.Length ? _inputs[position] : "X";

    /// <summary>The operator with attributes, as a function's constructor takes them.</summary>
    /// <exception cref="AttributeException">One is unknown, missing or out of range; the message says which,
    /// after the operator.</exception>
    public OperatorSettings With(Attributes attributes)
    {
        try
        {
            return new OperatorSettings(this, attributes);
        }
        catch (AttributeException wrong)
        {
            throw new AttributeException($"{Name}: {wrong.Message}");
        }
    }

    /// <summary>The function.</summary>
    /// <exception cref="AttributeException">An attribute is unknown, missing or out of range.</exception>
    internal ElementaryFunction<T> Create<T>(Attributes attributes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = With(attributes);
        try
        {
            return (ElementaryFunction<T>)Constructor(typeof(T))
                .Invoke(BindingFlags.DoNotWrapExceptions, null, [settings], null);
        }
        catch (AttributeException wrong)
        {
            throw new AttributeException($"{Name}: {wrong.Message}");
        }
    }

    /// <summary>Whether both make the same functions.</summary>
    internal bool HasFunctionOf(Operator other) =>
        Function == other.Function && _arguments.SequenceEqual(other._arguments);

    /// <summary>Refuses a function that could not be made.</summary>
    /// <exception cref="ArgumentException">It is no generic class of the form that is wanted.</exception>
    internal void RequireFunction()
    {
        if (Function is not { IsGenericTypeDefinition: true }
            || Function.GetGenericArguments().Length != 1 + _arguments.Length)
            throw new ArgumentException(
                $"the operator '{Name}' needs a generic class over the element type, such as typeof(Softmax<>)");
        foreach (var element in (ReadOnlySpan<Type>)[typeof(float), typeof(double)])
        {
            var wanted = typeof(ElementaryFunction<>).MakeGenericType(element);
            if (!wanted.IsAssignableFrom(Constructor(element).DeclaringType))
                throw new ArgumentException(
                    $"the operator '{Name}' has the class {Function.Name}, which does not derive from "
                    + "ElementaryFunction<T>");
        }
    }

    private ConstructorInfo Constructor(Type element) => _constructors[element == typeof(float) ? 0 : 1] ??=
        Function!.MakeGenericType([element, .. _arguments]).GetConstructor([typeof(OperatorSettings)])
        ?? throw new ArgumentException(
            $"the operator '{Name}' has the class {Function.Name}, which has no public constructor that takes "
            + "OperatorSettings");
}

/// <summary>What the elements of an operator's output are.</summary>
public enum OutputKind
{
    /// <summary>What the first input's are.</summary>
    AsFirst,

    /// <summary>What the last input's are.</summary>
    AsLast,

    /// <summary>Truth values, 0 and 1; nothing is pulled back.</summary>
    Condition,

    /// <summary>Indices or other whole numbers; nothing is pulled back.</summary>
    Indices,
}
