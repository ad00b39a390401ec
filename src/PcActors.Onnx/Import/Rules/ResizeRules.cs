namespace PcActors.Onnx.Import.Rules;

/// <summary>Resize, and its older forms.</summary>
internal static class ResizeRules
{
    /// <summary>In opset 10 the inputs are the values and the scales, and sampling is Upsample's.</summary>
    public static void Resize(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 11)
        {
            node.Inputs.Insert(1, null);
            SampleAsUpsample(node);
        }
        emitter.Import(node);
    }

    /// <summary>Upsample is Resize with asymmetric coordinates; in opset 7 the scales are an attribute.</summary>
    public static void Upsample(ImportNode node, IEmitter emitter)
    {
        if (node.Inputs.Count > 1) node.Inputs.Insert(1, null);
        SampleAsUpsample(node);
        node.OperatorType = "Resize";
        emitter.Import(node);
    }

    private static void SampleAsUpsample(ImportNode node)
    {
        node.Attributes["coordinate_transformation_mode"] = "asymmetric";
        node.Attributes["nearest_mode"] = "floor";
    }
}
