namespace PcActors.Onnx;

/// <summary>The outputs of ONNX operators: the types of their elements, and the names of those after the first.</summary>
internal static class OperatorOutputs
{
    private static readonly HashSet<string> Booleans = new(StringComparer.Ordinal)
    {
        "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "Or", "Xor", "Dropout:mask",
    };

    private static readonly HashSet<string> Indices = new(StringComparer.Ordinal)
    {
        "MaxPool:Indices", "NonZero",
    };

    private static readonly Dictionary<string, string[]> Further = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = ["running_mean", "running_var"],
        ["Dropout"] = ["mask"],
        ["LayerNormalization"] = ["Mean", "InvStdDev"],
        ["MaxPool"] = ["Indices"],
    };

    /// <summary>The type of an operator's output.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">The types of the function's inputs.</param>
    public static OnnxElementType Type(string operatorType, ReadOnlySpan<OnnxElementType> inputs)
    {
        if (Booleans.Contains(operatorType)) return OnnxElementType.Bool;
        if (Indices.Contains(operatorType)) return OnnxElementType.Int64;
        return operatorType is "Where" or "OneHot" ? inputs[^1] : inputs[0];
    }

    /// <summary>The function of an output: the operator's own name for the first, and <c>Operator:output</c> for others.</summary>
    /// <returns>The name, or null when the operator has no such output that is known here.</returns>
    public static string? Function(string operatorType, int output)
    {
        if (output == 0) return operatorType;
        return Further.TryGetValue(operatorType, out var names) && output <= names.Length ? $"{operatorType}:{names[output - 1]}" : null;
    }
}
