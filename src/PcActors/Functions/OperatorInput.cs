
namespace PcActors.Functions;

/// <summary>What an input of an operator is.</summary>
public enum InputKind
{
    /// <summary>An input of the function; a constant there may learn.</summary>
    Value,

    /// <summary>An input of the function; a constant there is part of the operator's definition
    /// and does not learn.</summary>
    Setting,

    /// <summary>An input of the function that holds indices; nothing is pulled back to it.</summary>
    Indices,

    /// <summary>An input of the function that holds truth values; nothing is pulled back to it.</summary>
    Condition,

    /// <summary>An attribute of the function, which ONNX has as an input and which must be constant.</summary>
    Attribute,

    /// <summary>An input of which the type of its elements counts and nothing else.</summary>
    Type,

    /// <summary>An input of the function that holds numbers to which nothing is pulled back.</summary>
    Numbers,
}

/// <summary>An input of an operator. A text is one: the name, with "?" after it when it may be left
/// out, and "..." when there may be any number of it.</summary>
/// <param name="Name">Its name in ONNX.</param>
/// <param name="Kind">What it is to the function.</param>
public sealed record OperatorInput(string Name, InputKind Kind = InputKind.Value)
{
    /// <summary>The attribute of the function that it is, if it is one.</summary>
    public OperatorAttribute? Attribute { get; private init; }

    /// <summary>The name of the attribute that it is or was.</summary>
    public string? AttributeName => Attribute?.Name ?? FormerAttribute;

    /// <summary>The opset from which on ONNX has it as an input; in older ones it is an
    /// attribute in ONNX too.</summary>
    public int Since { get; private init; }

    /// <summary>Of a setting, the attribute that it was in older opsets, if the function still takes it.</summary>
    public string? FormerAttribute { get; private init; }

    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Whether there may be any number of it.</summary>
    public bool IsRepeated { get; private init; }

    /// <summary>An ordinary input.</summary>
    public static implicit operator OperatorInput(string name) => Parse(name, InputKind.Value);

    /// <summary>A constant there does not learn.</summary>
    /// <param name="name">The name, and "?" when it may be left out.</param>
    /// <param name="former">The attribute that it was in older opsets, if the function still takes it.</param>
    public static OperatorInput Setting(string name, string? former = null) =>
        Parse(name, InputKind.Setting) with { FormerAttribute = former };

    /// <summary>Indices, to which nothing is pulled back.</summary>
    public static OperatorInput Indices(string name) => Parse(name, InputKind.Indices);

    /// <summary>Truth values, to which nothing is pulled back.</summary>
    public static OperatorInput Condition(string name) => Parse(name, InputKind.Condition);

    /// <summary>Numbers, such as places, to which nothing is pulled back.</summary>
    public static OperatorInput Numbers(string name) => Parse(name, InputKind.Numbers);

    /// <summary>An attribute of the function that ONNX has as an input.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="since">The opset from which on it is an input.</param>
    public static OperatorInput Of(OperatorAttribute attribute, int since = 0) =>
        new(attribute.Name, InputKind.Attribute) { Attribute = attribute, Since = since };

    private static OperatorInput Parse(string name, InputKind kind) => new(name.TrimEnd('?', '.'), kind)
    {
        IsOptional = name.EndsWith('?'),
        IsRepeated = name.EndsWith("...", StringComparison.Ordinal),
    };
}
