using PcActors.Functions;

namespace PcActors.Onnx.Export;

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
        if (operatorType == "Pad" && attributes.Text("mode", "constant") == "wrap") return 19;
        if (operatorType == "Pad" && attributes.Has("axes")) return 18;
        if (operatorType == "Resize" && attributes.Text("coordinate_transformation_mode", "") == "half_pixel_symmetric") return 19;
        if (operatorType == "Resize" && (attributes.Has("axes") || attributes.Has("antialias") || attributes.Has("keep_aspect_ratio_policy"))) return 18;
        if (operatorType.StartsWith("Scatter", StringComparison.Ordinal) && attributes.Text("reduction", "none") is "max" or "min") return 18;
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
