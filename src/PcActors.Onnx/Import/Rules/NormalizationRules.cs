using PcActors.Functions;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>LayerNormalization and RMSNormalization: scale and bias may have fewer elements than the normalised axes,
/// and are broadcast to them.</summary>
internal static class LayerNormalizationRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        // What does not fit is refused by the function.
        if (NormalizedAxes(node) is { } wanted)
        {
            for (var i = 1; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is { } parameter && !parameter.Shape.Dimensions.SequenceEqual(wanted))
                    node.Inputs[i] = emitter.Apply("Expand", [parameter], Attributes.Of(("shape", wanted)),
                        emitter.Unique($"{node.Prefix}/{(i == 1 ? "Scale" : "B")}"));
            }
        }
        emitter.Import(node);
    }

    /// <summary>RMSNormalization's scale may also be broadcast to all of X, and then multiplies what is normalised.
    /// </summary>
    public static void ImportRms(ImportNode node, IEmitter emitter)
    {
        var scale = node.Required(1);
        if (NormalizedAxes(node) is not { } wanted || scale.Shape.Rank <= wanted.Length)
        {
            Import(node, emitter);
            return;
        }
        var make = new Composition(node, emitter);
        var (axis, epsilon) = (node.Take("axis", -1L), node.Take("epsilon", 1e-5));
        node.Take("stash_type", 1L);
        make.RequireNoOthers();
        var normalized = make.Apply("RMSNormalization", "normalized",
            Attributes.Of(("axis", axis), ("epsilon", epsilon)), node.Required(0),
            make.Constant("ones", node.Required(0).Type, new Shape(wanted), _ => 1));
        make.Give(0, "Mul", Attributes.Empty, normalized, scale);
    }

    private static int[]? NormalizedAxes(ImportNode node)
    {
        var x = node.Required(0).Shape;
        var axis = node.Attributes.TryGetValue("axis", out var given) && given is long number ? number : -1;
        if (axis < 0) axis += x.Rank;
        return axis >= 0 && axis < x.Rank ? x.Dimensions[(int)axis..].ToArray() : null;
    }
}

/// <summary>Hardmax: 1 at the first of the largest elements along an axis, 0 elsewhere. Up to opset 12 it runs over all
/// axes from <c>axis</c> (1) on.</summary>
internal static class HardmaxRule
{
    private const int AlongOneAxis = 13;

    public static void Import(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var isOld = node.Opset < AlongOneAxis;
        var axis = node.Take("axis", isOld ? 1L : -1L);
        make.RequireNoOthers();
        if (axis < -x.Shape.Rank || axis >= Math.Max(1, x.Shape.Rank + (isOld ? 1 : 0)))
            throw node.Error($"its axis is {axis}, and its input has the shape {x.Shape}");
        if (axis < 0) axis += x.Shape.Rank;
        var rows = isOld ? make.Apply("Flatten", "matrix", Attributes.Of(("axis", axis)), x) : x;
        if (isOld) axis = 1;
        var extent = rows.Shape[(int)axis];
        var place = make.Apply("ArgMax", "place", Attributes.Of(("axis", axis), ("keepdims", false)), rows);
        var values = make.Constant("values", x.Type, Tensor<double>.From(new Shape(2), [0, 1]));
        var onehot = Attributes.Of(("depth", extent), ("axis", axis));
        if (!isOld) make.Give(0, "OneHot", onehot, place, values);
        else make.Give(0, "Reshape", Composition.ShapeOf(x.Shape.Dimensions),
            make.Apply("OneHot", "rows", onehot, place, values));
    }
}

/// <summary>Softmax and LogSoftmax: up to opset 12 they run over all axes from <c>axis</c> (1) on.</summary>
internal static class SoftmaxRule
{
    private const int AlongOneAxis = 13;

    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Opset >= AlongOneAxis)
        {
            emitter.Import(node);
            return;
        }
        var input = node.Required(0);
        var rank = input.Shape.Rank;
        var axis = node.Take("axis", 1L);
        if (axis < -rank || axis > rank)
            throw node.Error($"its axis is {axis}, and its input has the shape {input.Shape}");
        if (axis < 0) axis += rank;
        if (axis == rank - 1)
        {
            node.Attributes["axis"] = axis;
            emitter.Import(node);
            return;
        }
        var output = node.Outputs[0];
        var matrix = emitter.Apply("Flatten", [input], Attributes.Of(("axis", axis)),
            emitter.Unique($"{output}/matrix"));
        var rows = emitter.Apply(node.OperatorType, [matrix], Attributes.Of(("axis", 1)),
            emitter.Unique($"{output}/rows"));
        emitter.Define(
            emitter.Apply("Reshape", [rows],
                Attributes.Of(("shape", input.Shape.Dimensions.ToArray()), ("allowzero", true)), output));
    }
}

/// <summary>SoftmaxCrossEntropyLoss: its second output, log_prob, is LogSoftmax over the classes.</summary>
internal static class LossRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Outputs.Count > 1 && emitter.IsRead(node.Outputs[1]))
            emitter.Define(
                emitter.Apply("LogSoftmax", [node.Required(0)], Attributes.Of(("axis", 1)), node.Outputs[1]));
        emitter.Import(node);
    }
}
