using PcActors.Functions;

namespace PcActors.Onnx;

/// <summary>A node's inputs and attributes as the function here takes them.</summary>
/// <param name="Inputs">The inputs that are left when constant ones have become attributes.</param>
/// <param name="Attributes">The node's attributes and those constant inputs.</param>
internal sealed record FunctionArguments(Value[] Inputs, Attributes Attributes)
{
    /// <summary>The arguments of one of the functions that a node stands for.</summary>
    /// <exception cref="OnnxException">An input that becomes an attribute is not constant, or is none that the attribute can be.</exception>
    public static FunctionArguments Of(ImportNode node, string function)
    {
        var known = OperatorCatalogue<double>.AttributesOf(function)!;
        var attributes = node.Attributes
            .Where(a => known.Contains(a.Key) || !IgnoredAttributes.Contains(node.OperatorType, a.Key, a.Value))
            .ToDictionary(a => a.Key, object? (a) => a.Value, StringComparer.Ordinal);
        var inputs = new List<Value>();
        var absent = new List<long>();
        // Where the function's last input is: what is left out behind it needs no mention.
        var last = -1;
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            var slot = OperatorSlots.Of(node.OperatorType, i);
            if (slot.IsAttribute)
            {
                if (node.Constant(i, slot.Name) is { } constant) attributes[slot.Name] = AsAttribute(node, slot, constant);
            }
            else if (node.Inputs[i] is { } input)
            {
                inputs.Add(input);
                last = i;
            }
            else
            {
                absent.Add(i);
            }
        }
        absent.RemoveAll(i => i > last);
        if (absent.Count > 0) attributes["absent"] = absent.ToArray();
        if (inputs.Count > 0 && known.Contains("element_type"))
        {
            // In Where the first input is the condition.
            var type = (node.OperatorType == "Where" && inputs.Count > 1 ? inputs[1] : inputs[0]).Type;
            if (!type.IsFloat()) attributes["element_type"] = type.Name();
        }
        return new FunctionArguments([.. inputs], Functions.Attributes.Of([.. attributes.Select(a => (a.Key, a.Value))]));
    }

    private static object? AsAttribute(ImportNode node, Slot slot, OnnxTensor tensor)
    {
        var isList = slot.Kind is SlotKind.Integers or SlotKind.Floats;
        if (!isList && tensor.Shape.Length != 1)
            throw node.Error($"its input '{slot.Name}' has the shape {tensor.Shape}", "one element is needed");
        if (tensor.Shape.Rank > 1 && tensor.Shape.Length > 1)
            throw node.Error($"its input '{slot.Name}' has the shape {tensor.Shape}", "a list is needed");
        return slot.Kind switch
        {
            SlotKind.Integers => tensor.ToIntegers(),
            SlotKind.Integer => tensor.ToIntegers()[0],
            SlotKind.Float => tensor.Values.Span[0],
            // An empty list of floats is how inputs were left out before they could be.
            _ => tensor.Shape.Length == 0 ? null : tensor.Values.Span.ToArray(),
        };
    }
}

/// <summary>Attributes without a meaning here, when their values are the ones listed.</summary>
internal static class IgnoredAttributes
{
    private static readonly HashSet<(string Operator, string Name, object? Value)> Table =
    [
        ("BatchNormalization", "consumed_inputs", null),
        ("BatchNormalization", "is_test", null),
        ("BatchNormalization", "spatial", 1L),
        ("Cast", "saturate", null),
        ("GroupNormalization", "stash_type", 1L),
        ("LayerNormalization", "stash_type", 1L),
    ];

    /// <summary>Whether an operator's attribute may be left out when it has this value.</summary>
    public static bool Contains(string operatorType, string name, object value) =>
        Table.Contains((operatorType, name, null)) || Table.Contains((operatorType, name, value));
}
