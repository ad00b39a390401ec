using PcActors.Functions;
using PcActors.Onnx.Files;

namespace PcActors.Onnx.Import;

/// <summary>A node's inputs and attributes as the function here takes them.</summary>
/// <param name="Inputs">The inputs that are left when constant ones have become attributes.</param>
/// <param name="Attributes">The node's attributes and those constant inputs.</param>
internal sealed record FunctionArguments(Value[] Inputs, Attributes Attributes)
{
    /// <summary>The arguments of one of the functions that a node stands for.</summary>
    /// <exception cref="OnnxException">An input that becomes an attribute is not constant, or is none that the
    /// attribute can be.</exception>
    public static FunctionArguments Of(ImportNode node, Operator function)
    {
        var attributes = node.Attributes
            .Where(
                a => function.Find(a.Key) is not null || !IgnoredAttributes.Contains(node.OperatorType, a.Key, a.Value))
            .ToDictionary(a => a.Key, object? (a) => a.Value, StringComparer.Ordinal);
        var inputs = new List<Value>();
        var absent = new List<long>();
        // Where the function's last input is: what is left out behind it needs no mention.
        var last = -1;
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (function.Input(i).Attribute is { } attribute)
            {
                if (node.Constant(i, attribute.Name) is { } constant)
                    attributes[attribute.Name] = AsAttribute(node, attribute, constant);
            }
            else if (node.Inputs[i] is { } input)
            {
                inputs.Add(function.Input(i).Kind == InputKind.Setting ? node.Setting(input) : input);
                last = i;
            }
            else
            {
                absent.Add(i);
            }
        }
        absent.RemoveAll(i => i > last);
        if (absent.Count > 0) attributes["absent"] = absent.ToArray();
        if (inputs.Count > 0 && function.Find("element_type") is not null && !inputs[0].Type.IsFloat())
            attributes["element_type"] = inputs[0].Type.Name();
        if (function.Find("draws") is not null && node.Outputs[0].Length > 0) attributes["draws"] = node.Outputs[0];
        return new FunctionArguments([.. inputs],
            Functions.Attributes.Of([.. attributes.Select(a => (a.Key, a.Value))]));
    }

    private static object? AsAttribute(ImportNode node, OperatorAttribute attribute, OnnxTensor tensor)
    {
        if (!attribute.IsList && tensor.Shape.Length != 1)
            throw node.Error($"its input '{attribute.Name}' has the shape {tensor.Shape}", "one element is needed");
        if (tensor.Shape.Rank > 1 && tensor.Shape.Length > 1)
            throw node.Error($"its input '{attribute.Name}' has the shape {tensor.Shape}", "a list is needed");
        return (attribute.IsInteger, attribute.IsList) switch
        {
            (true, true) => tensor.ToIntegers(),
            (true, false) => tensor.ToIntegers()[0],
            (false, false) => tensor.Values.Span[0],
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
        ("RMSNormalization", "stash_type", null),
    ];

    /// <summary>Whether an operator's attribute may be left out when it has this value.</summary>
    public static bool Contains(string operatorType, string name, object value) =>
        Table.Contains((operatorType, name, null)) || Table.Contains((operatorType, name, value));
}
