namespace PcActors.Onnx;

/// <summary>What an input of an ONNX operator is to the function here.</summary>
internal enum SlotKind
{
    /// <summary>An input of the function, and an initializer there may learn.</summary>
    Value,

    /// <summary>An input of the function; an initializer there is part of the operator's definition and does not learn.</summary>
    Setting,

    /// <summary>An attribute of the function: one integer.</summary>
    Integer,

    /// <summary>An attribute of the function: integers.</summary>
    Integers,

    /// <summary>An attribute of the function: one floating-point number.</summary>
    Float,

    /// <summary>An attribute of the function: floating-point numbers.</summary>
    Floats,
}

/// <summary>An input of an ONNX operator.</summary>
/// <param name="Kind">What it is to the function.</param>
/// <param name="Name">The attribute's name, when it is one; of a setting, the attribute that it was in older opsets, if a function
/// still takes it.</param>
/// <param name="Since">The opset from which on ONNX has it as an input; in older ones it is an attribute in ONNX too.</param>
internal readonly record struct Slot(SlotKind Kind, string Name = "", int Since = 0)
{
    /// <summary>Whether it must be constant when a model is imported.</summary>
    public bool IsAttribute => Kind >= SlotKind.Integer;
}
