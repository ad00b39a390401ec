using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx.Files;

namespace PcActors.Onnx.Export;

/// <summary>The types that values have in an exported model, where indices are integers and
/// conditions truth values.</summary>
internal static class ExportTypes
{
    /// <summary>The type of floating-point numbers.</summary>
    public static OnnxElementType Float<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? OnnxElementType.Double : OnnxElementType.Float;

    /// <summary>What a function takes as one of its inputs.</summary>
    public static OnnxElementType Wanted<T>(ElementaryFunction<T> function, int input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var slots = OperatorCatalogue.Find(function.OperatorType)?.Inputs.Where(i => i.Attribute is null).ToList()
            ?? [];
        return (input < slots.Count ? slots[input].Kind : InputKind.Value) switch
        {
            InputKind.Indices => OnnxElementType.Int64,
            InputKind.Condition => OnnxElementType.Bool,
            _ => Own(function),
        };
    }

    /// <summary>What a function gives.</summary>
    public static OnnxElementType Given<T>(ElementaryFunction<T> function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => function.OperatorType switch
        {
            "Cast" => ElementTypes.Parse(function.Attributes.Text("to", "")) ?? Float<T>(),
            "EyeLike" when function.Attributes.Has("dtype") =>
                ElementTypes.Parse(function.Attributes.Text("dtype", "")) ?? Float<T>(),
            var other => OnnxOperators.TypeOf(other, [Own(function)]),
        };

    /// <summary>The type of a leaf: what all of its consumers take, and floats when they differ or an
    /// error has to reach it.</summary>
    public static OnnxElementType OfLeaf<T>(Graph<T> graph, Vertex<T> leaf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wanted = graph.Consumers(leaf.Id).Select(e => Wanted(graph.Vertices[e.To].Function!, e.Slot)).Distinct()
            .ToList();
        return wanted.Count == 1 && !leaf.Trainable ? wanted[0] : Float<T>();
    }

    /// <summary>The type that a function says it works on.</summary>
    private static OnnxElementType Own<T>(ElementaryFunction<T> function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var type = ElementTypes.Parse(function.Attributes.Text("element_type", ""));
        return type is null || type.Value.IsFloat() ? Float<T>() : type.Value;
    }
}

/// <summary>Which versions an exported model needs.</summary>
internal static class ExportOpset
{
    /// <summary>The opset when nothing needs a later one.</summary>
    public const int Usual = 17;

    /// <summary>The first opset that has the operator with these attributes.</summary>
    public static int Needed(string operatorType, Attributes attributes)
    {
        // It has had the scales of channels only since then.
        if (operatorType == "GroupNormalization") return 21;
        if (operatorType == "AveragePool" && attributes.Has("dilations")) return 19;
        if (operatorType == "GridSample") return 20;
        if (operatorType == "Pad" && attributes.Text("mode", "constant") == "wrap") return 19;
        if (operatorType == "Pad" && attributes.Has("axes")) return 18;
        if (operatorType == "Resize" && attributes.Text("coordinate_transformation_mode", "") == "half_pixel_symmetric")
            return 19;
        if (operatorType == "Resize"
            && (attributes.Has("axes") || attributes.Has("antialias") || attributes.Has("keep_aspect_ratio_policy")))
            return 18;
        if (operatorType.StartsWith("Scatter", StringComparison.Ordinal)
            && attributes.Text("reduction", "none") is "max" or "min") return 18;
        // Only ReduceSum has had this attribute for longer.
        return attributes.Has("noop_with_empty_axes") && operatorType != "ReduceSum"
            ? 18
            : Math.Max(Usual, OperatorCatalogue.Find(operatorType)!.Since);
    }

    /// <summary>The IR version that came with an opset.</summary>
    public static int IrVersion(int opset) => opset switch
    {
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };
}
