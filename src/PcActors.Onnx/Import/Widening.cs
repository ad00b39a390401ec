using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Makes a model whose inputs have a fixed first dimension of 1 one for several samples: what says that there
/// is one sample is widened. <see cref="WidenedComparison"/> finds out whether that does what it should.</summary>
/// <param name="batch">Samples.</param>
internal sealed class Widening(int batch)
{
    /// <summary>Samples.</summary>
    public int Batch => batch;

    /// <summary>What an operator is applied to, for several samples.</summary>
    public (Value[] Inputs, Attributes Attributes) Fit(
        IEmitter emitter, string operatorType, Value[] inputs, Attributes attributes)
    {
        if (operatorType == "Reshape" && attributes.Integers("shape") is [1, ..] shape && IsLed(inputs[0])
            && (Array.IndexOf(shape, -1) >= 0 || Product(shape, inputs[0].Shape) * batch == inputs[0].Shape.Length))
        {
            return (inputs, Attributes.Of(
                ("shape", shape.Select((e, i) => i == 0 ? batch : e).ToArray()),
                ("allowzero", attributes.Flag("allowzero", false))));
        }
        if (operatorType == "Concat" && attributes.Integer("axis", 0) is not 0 && Array.Exists(inputs, IsLed))
            return ([.. inputs.Select(v => v.Shape is { Rank: > 0 } s && s[0] == 1 ? Repeat(emitter, v, 0) : v)],
                attributes);
        return (inputs, attributes);
    }

    /// <summary>A value that is the same for every sample, once for each.</summary>
    /// <param name="emitter">Receives the vertices.</param>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis of samples, of the extent 1.</param>
    public Value Repeat(IEmitter emitter, Value value, int axis) => emitter.Apply("Expand", [value],
        Attributes.Of(("shape", value.Shape.With(axis, batch).Dimensions.ToArray())),
        emitter.Unique($"{value.Name}/widened"), value.Type);

    // What does not depend on data is the same for every sample, whatever its extents are.
    private bool IsLed(Value value) =>
        value is VertexValue { Stored: null } && value.Shape.Rank > 0 && value.Shape[0] == batch;

    private static long Product(long[] extents, Shape before) =>
        extents.Select((e, i) => e == 0 && i < before.Rank ? before[i] : e).Aggregate(1L, (a, b) => a * b);
}
