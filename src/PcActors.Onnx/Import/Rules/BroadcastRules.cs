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
        if (node.Opset < Multidirectional && node.Required(1).Shape is { Rank: 1, Length: > 1 }) Align(node, emitter, 1);
        emitter.Import(node);
    }

    /// <summary>Appends extents of 1 to the second input, so that its first axis meets the axis given.</summary>
    private static void Align(ImportNode node, IEmitter emitter, long axis)
    {
        var (x, y) = (node.Required(0), node.Required(1));
        var missing = x.Shape.Rank - axis - y.Shape.Rank;
        if (missing <= 0 || missing > x.Shape.Rank) return;
        int[] shape = [.. y.Shape.Dimensions, .. Enumerable.Repeat(1, (int)missing)];
        node.Inputs[1] = emitter.Apply("Reshape", [y], Attributes.Of(("shape", shape), ("allowzero", true)), emitter.Unique($"{node.Prefix}/aligned"));
    }
}
