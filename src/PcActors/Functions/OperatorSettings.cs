using System.Globalization;

namespace PcActors.Functions;

/// <summary>An operator's attributes as its function reads them, each under the name and the
/// kind under which it is described; what is not set has its default. They have been checked.</summary>
public sealed class OperatorSettings
{
    /// <summary>The attribute, of every operator with two optional inputs or more, that lists those that are
    /// left out before others.</summary>
    internal const string Absent = "absent";

    private readonly long[] _absent;

    internal OperatorSettings(Operator described, Attributes attributes)
    {
        (Operator, Attributes) = (described, attributes);
        // An attribute that nobody reads would be a silent change of meaning.
        foreach (var name in attributes.Names)
        {
            if (described.Find(name) is null && !(name == Absent && described.Optional.Length > 1))
                throw new AttributeException($"it has no attribute '{name}'; {Known}");
        }
        foreach (var attribute in described.Attributes) attribute.Check(attributes[attribute.Name]);
        _absent = attributes.Integers(Absent) ?? [];
        foreach (var position in _absent)
        {
            if (described.Optional.Contains(position)) continue;
            throw new AttributeException(
                $"absent is [{string.Join(", ", _absent)}]; optional are the inputs {described.Optional[0]} to "
                + $"{described.Optional[^1]}");
        }
    }

    /// <summary>The operator.</summary>
    public Operator Operator { get; }

    /// <summary>The attributes that are set.</summary>
    public Attributes Attributes { get; }

    /// <summary>How few inputs there must be.</summary>
    internal int MinInputs => Operator.MinInputs;

    /// <summary>How many there can be.</summary>
    internal int MaxInputs => Operator.MaxInputs - _absent.Length;

    private string Known => Operator.Attributes.Count == 0
        ? "it has none"
        : $"it knows {string.Join(", ", Operator.Attributes.Select(attribute => attribute.Name))}";

    /// <summary>Whether the attribute is set.</summary>
    public bool Has(string name) => Attributes.Has(name);

    /// <summary>A whole number.</summary>
    public long Integer(string name) => (long)Value(name)!;

    /// <summary>An axis, or another whole number that an <see cref="int"/> holds.</summary>
    public int Axis(string name) => (int)Integer(name);

    /// <summary>A flag.</summary>
    public bool Flag(string name) => Integer(name) != 0;

    /// <summary>A floating-point number.</summary>
    public double Float(string name) => (double)Value(name)!;

    /// <summary>A text.</summary>
    public string Text(string name) => (string)Value(name)!;

    /// <summary>Which of an attribute's choices its text is, from 0.</summary>
    public int Choice(string name) => Operator.Find(name)!.Choices.ToList().IndexOf(Text(name));

    /// <summary>Whole numbers, or null when they are not set.</summary>
    public long[]? Integers(string name) => (long[]?)Value(name);

    /// <summary>Axes or extents, or null when they are not set.</summary>
    public int[]? Extents(string name) =>
        Integers(name) is { } numbers ? Array.ConvertAll(numbers, number => (int)number) : null;

    /// <summary>Floating-point numbers, or null when they are not set.</summary>
    public double[]? Floats(string name) => (double[]?)Value(name);

    /// <summary>Which of the function's inputs, from 0, stands at a position in ONNX's list; out of reach
    /// when it is left out.</summary>
    public int Place(int position) =>
        _absent.Contains(position) ? int.MaxValue : position - _absent.Count(other => other < position);

    private object? Value(string name) => Attributes[name] is { } value
        ? value
        : Operator.Find(name) is { } known
            ? known.Default
            : throw new InvalidOperationException(
                $"{Operator.Name} reads the attribute '{name}', which its description lacks");
}

/// <summary>The type that ONNX gives to elements, which here are all held in T: whole numbers and
/// truth values (0, 1) too.</summary>
/// <remarks>By ONNX's names: float, double, float16, bfloat16, float8...; int8 to int64,
/// uint8 to uint64 (and int4, uint4); bool. T is exact for whole numbers up to 2^24
/// (float32) or 2^53 (float64).</remarks>
/// <param name="Bits">Bits of a whole number; 1 for a truth value, 0 for a floating-point number.</param>
/// <param name="IsSigned">Whether whole numbers may be negative.</param>
internal readonly record struct ElementType(int Bits, bool IsSigned)
{
    /// <summary>The attribute that names the type of whole numbers that a function gives, where it does
    /// something else with them.</summary>
    public const string Attribute = "element_type";

    /// <summary>Whether it is a floating-point type, to all of which T serves.</summary>
    public bool IsFloat => Bits == 0;

    /// <summary>Whether it is the type of truth values.</summary>
    public bool IsBool => Bits == 1;

    /// <summary>The type that a text attribute names; floating-point when it is not set.</summary>
    /// <exception cref="AttributeException">There is no such type.</exception>
    public static ElementType Of(OperatorSettings settings, string name = Attribute) =>
        (settings.Has(name) ? settings.Text(name) : "float") switch
        {
            "float" or "double" or "float16" or "bfloat16" => default,
            var text when NarrowFloat.Of(text) is not null => default,
            "bool" => new(1, false),
            var text when text.StartsWith("int", StringComparison.Ordinal) => new(Width(name, text, 3), true),
            var text when text.StartsWith("uint", StringComparison.Ordinal) => new(Width(name, text, 4), false),
            var text => throw Unknown(name, text),
        };

    private static int Width(string name, string text, int start) =>
        int.TryParse(text.AsSpan(start), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits is 2 or 4 or 8 or 16 or 32 or 64
            ? bits
            : throw Unknown(name, text);

    private static AttributeException Unknown(string name, string text) =>
        new($"the attribute '{name}' is '{text}'; it is a type such as float, int64, uint8 or bool");
}
