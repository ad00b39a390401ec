using PcActors.Functions;

namespace PcActors.Onnx.Import.Rules;

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
                $"there must be one for each of {node.Outputs.Count} outputs, and together they must be the axis's {input.Shape[axis]}");
        }
        long start = 0;
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            var end = start + parts[i];
            if (emitter.IsRead(node.Outputs[i]))
            {
                var range = Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }));
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
        if (count <= 0 || count != node.Outputs.Count) throw node.Error($"its num_outputs is {count}", $"it has {node.Outputs.Count} outputs");
        // All parts are equal but for the last, which may be smaller.
        var part = (extent + count - 1) / count;
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp(extent - (i * part), 0, part))];
    }
}
