using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Opset 6 broadcasts the second input only where it is told to, and aligns it at an axis.</summary>
internal static class BroadcastRules
{
    private const int Multidirectional = 7;

    public static void Binary(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < Multidirectional && node.Take("broadcast", 0L) != 0)
        {
            var shape = node.Required(0).Shape;
            var axis = node.Take("axis", (long)(shape.Rank - node.Required(1).Shape.Rank));
            Align(node, emitter, axis < 0 ? axis + shape.Rank : axis);
        }
        emitter.Import(node);
    }

    public static void Gemm(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < Multidirectional) node.Take("broadcast", 0L);
        emitter.Import(node);
    }

    /// <summary>Slopes are the channels', along axis 1.</summary>
    public static void PRelu(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < Multidirectional && node.Required(1).Shape is { Rank: 1, Length: > 1 })
            Align(node, emitter, 1);
        emitter.Import(node);
    }

    /// <summary>Appends extents of 1 to the second input, so that its first axis meets the axis given.</summary>
    private static void Align(ImportNode node, IEmitter emitter, long axis)
    {
        var (x, y) = (node.Required(0), node.Required(1));
        var missing = x.Shape.Rank - axis - y.Shape.Rank;
        if (missing <= 0 || missing > x.Shape.Rank) return;
        int[] shape = [.. y.Shape.Dimensions, .. Enumerable.Repeat(1, (int)missing)];
        node.Inputs[1] = emitter.Apply("Reshape", [y], Attributes.Of(("shape", shape), ("allowzero", true)),
            emitter.Unique($"{node.Prefix}/aligned"));
    }
}

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

/// <summary>Split: each output is a Slice.</summary>
internal static class SplitRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        var input = node.Required(0);
        if (input.Shape.Rank == 0) throw node.Error("its input is a scalar", "an axis is needed");
        var axis = input.Shape.Axis(checked((int)node.Take("axis", 0L)));
        var parts = Parts(node, input.Shape[axis]);
        if (parts.Length < node.Outputs.Count || parts.Any(p => p < 0) || parts.Sum() != input.Shape[axis])
        {
            throw node.Error(
                $"its parts are [{string.Join(", ", parts)}]",
                $"there must be one for each of {node.Outputs.Count} outputs, and together they must be the axis's "
                + $"{input.Shape[axis]}");
        }
        long start = 0;
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            var end = start + parts[i];
            if (emitter.IsRead(node.Outputs[i]))
            {
                var range = Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }),
                    ("axes", new[] { axis }));
                emitter.Define(emitter.Apply("Slice", [input], range, node.Outputs[i]));
            }
            start = end;
        }
    }

    private static long[] Parts(ImportNode node, int extent)
    {
        var given = node.Constant(1, "split")?.ToIntegers() ?? node.Take<long[]?>("split", null);
        if (given is not null) return given;
        var count = node.Take("num_outputs", (long)node.Outputs.Count);
        if (count <= 0 || count != node.Outputs.Count)
            throw node.Error($"its num_outputs is {count}", $"it has {node.Outputs.Count} outputs");
        // All parts are equal but for the last, which may be smaller.
        var part = (extent + count - 1) / count;
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp(extent - (i * part), 0, part))];
    }
}
