using System.Globalization;

namespace PcActors.Functions;

/// <summary>The type that ONNX gives to elements, which here are all held in T: whole numbers and truth values (0, 1) too.</summary>
/// <remarks>By ONNX's names: float, double, float16, bfloat16, float8...; int8 to int64, uint8 to uint64 (and int4, uint4);
/// bool. T is exact for whole numbers up to 2^24 (float32) or 2^53 (float64).</remarks>
/// <param name="Bits">Bits of a whole number; 1 for a truth value, 0 for a floating-point number.</param>
/// <param name="IsSigned">Whether whole numbers may be negative.</param>
internal readonly record struct ElementType(int Bits, bool IsSigned)
{
    /// <summary>The attribute that names the type of whole numbers that a function gives, where it does something else with them.</summary>
    public const string Attribute = "element_type";

    /// <summary>Whether it is a floating-point type, to all of which T serves.</summary>
    public bool IsFloat => Bits == 0;

    /// <summary>Whether it is the type of truth values.</summary>
    public bool IsBool => Bits == 1;

    /// <summary>The type that a text attribute names; floating-point when it is not set.</summary>
    /// <exception cref="AttributeException">There is no such type.</exception>
    public static ElementType Of(OperatorSettings settings, string name = Attribute) => (settings.Has(name) ? settings.Text(name) : "float") switch
    {
        "float" or "double" or "float16" or "bfloat16" => default,
        var text when text.StartsWith("float8", StringComparison.Ordinal) => default,
        "bool" => new(1, false),
        var text when text.StartsWith("int", StringComparison.Ordinal) => new(Width(name, text, 3), true),
        var text when text.StartsWith("uint", StringComparison.Ordinal) => new(Width(name, text, 4), false),
        var text => throw Unknown(name, text),
    };

    private static int Width(string name, string text, int start) =>
        int.TryParse(text.AsSpan(start), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is 4 or 8 or 16 or 32 or 64
            ? bits
            : throw Unknown(name, text);

    private static AttributeException Unknown(string name, string text) =>
        new($"the attribute '{name}' is '{text}'; it is a type such as float, int64, uint8 or bool");
}
