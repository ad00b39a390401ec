using PcActors.Functions;
using PcActors.Onnx.Import;

namespace PcActors.Onnx.Expansion;

/// <summary>Joins what the steps and directions of a recurrent node have given to its outputs.</summary>
/// <param name="layout">The node's extents.</param>
/// <param name="emitter">Receives the vertices.</param>
internal sealed class RecurrentOutputs(RecurrentLayout layout, IEmitter emitter)
{
    /// <summary>Y: [steps, directions, batch, units].</summary>
    /// <param name="output">Its name.</param>
    /// <param name="hidden">The hidden states [batch, units], by direction and step.</param>
    public Value Steps(string output, Value[][] hidden)
    {
        var parts = new Value[hidden.Length];
        for (var d = 0; d < parts.Length; d++)
        {
            var rows = emitter.Apply("Concat", hidden[d], Attributes.Of(("axis", 0)), emitter.Unique($"{output}/{layout.Directions[d]}/rows"));
            parts[d] = View(rows, PartName(output, d), layout.Steps, 1, layout.Batch, layout.Units);
        }
        return Join(output, parts, axis: 1, batchFirst: [2, 0, 1, 3]);
    }

    /// <summary>A final state: [directions, batch, units].</summary>
    /// <param name="output">Its name.</param>
    /// <param name="states">The states [batch, units], by direction.</param>
    public Value Final(string output, Value[] states)
    {
        var parts = new Value[states.Length];
        for (var d = 0; d < parts.Length; d++) parts[d] = View(states[d], PartName(output, d), 1, layout.Batch, layout.Units);
        return Join(output, parts, axis: 0, batchFirst: [1, 0, 2]);
    }

    private string PartName(string output, int direction) => layout.Directions.Length == 1 && !layout.BatchFirst
        ? output
        : emitter.Unique($"{output}/{layout.Directions[direction]}");

    private Value Join(string output, Value[] parts, int axis, int[] batchFirst)
    {
        var joined = parts.Length == 1
            ? parts[0]
            : emitter.Apply("Concat", parts, Attributes.Of(("axis", axis)), layout.BatchFirst ? emitter.Unique($"{output}/joined") : output);
        return layout.BatchFirst ? emitter.Apply("Transpose", [joined], Attributes.Of(("perm", batchFirst)), output) : joined;
    }

    private Value View(Value x, string name, params ReadOnlySpan<int> shape) =>
        emitter.Apply("Reshape", [x], Attributes.Of(("shape", shape.ToArray()), ("allowzero", true)), name);
}
