using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators that older versions write in another way.</summary>
internal static class VersionRules
{
    /// <summary>Up to opset 10 the bounds are attributes.</summary>
    public static void Clip(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 11)
        {
            var input = node.Required(0);
            node.Inputs.Add(Setting(node, emitter, "min", input.Type));
            node.Inputs.Add(Setting(node, emitter, "max", input.Type));
        }
        emitter.Import(node);
    }

    /// <summary>Up to opset 10 the pads and the value are attributes.</summary>
    public static void Pad(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 11)
        {
            node.Inputs.Add(null);
            node.Inputs.Add(Setting(node, emitter, "value", node.Required(0).Type));
        }
        emitter.Import(node);
    }

    /// <summary>Unless it is told to train, it passes its input on, and nothing is dropped.</summary>
    public static void Dropout(ImportNode node, IEmitter emitter)
    {
        if (node.Constant(2, "training_mode")?.Values.Span[0] is not (null or 0))
        {
            emitter.Import(node);
            return;
        }
        var input = node.Required(0);
        if (emitter.IsRead(node.Outputs[0]))
            emitter.Define(emitter.Apply("Identity", [input], Attributes.Empty, node.Outputs[0]));
        if (node.Outputs.Count < 2 || !emitter.IsRead(node.Outputs[1])) return;
        emitter.Budget.TakeConstant(input.Shape, $"'{node.Outputs[1]}'");
        var mask = new Tensor<double>(input.Shape);
        mask.Writable.Fill(1);
        emitter.Define(new ConstantValue(node.Outputs[1], OnnxTensor.Of(OnnxElementType.Bool, mask)));
    }

    /// <summary>Up to opset 13 further outputs tell it to train.</summary>
    public static void BatchNormalization(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 14 && node.Outputs.Skip(1).Any(o => o.Length > 0)) node.Attributes["training_mode"] = 1L;
        emitter.Import(node);
    }

    /// <summary>Up to opset 20 scales and biases are the groups', not the channels'.</summary>
    public static void GroupNormalization(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < 21)
        {
            var channels = node.Required(0).Shape is { Rank: > 1 } x
                ? x[1]
                : throw node.Error("its input X has no channels");
            for (var i = 1; i < 3; i++)
                node.Inputs[i] = OfChannels(node, emitter, node.Required(i), channels, i == 1 ? "scale" : "bias");
        }
        emitter.Import(node);
    }

    /// <summary>The norm of a channel: a reduction where there is one, else a window as large as the channel.</summary>
    public static void GlobalLpPool(ImportNode node, IEmitter emitter)
    {
        var p = node.Take("p", 2L);
        var extents = node.Required(0).Shape.Dimensions;
        if (extents.Length < 3)
            throw node.Error($"its input has the shape {new Shape(extents)}", "[batch, channels, ...] is needed");
        node.OperatorType = p switch { 1 => "ReduceL1", 2 => "ReduceL2", _ => "LpPool" };
        if (p is 1 or 2)
        {
            node.Attributes["axes"] = Enumerable.Range(2, extents.Length - 2).Select(a => (long)a).ToArray();
        }
        else
        {
            node.Attributes["kernel_shape"] = extents[2..].ToArray().Select(e => (long)e).ToArray();
            node.Attributes["p"] = p;
        }
        emitter.Import(node);
    }

    /// <summary>The old name of ScatterElements.</summary>
    public static void Scatter(ImportNode node, IEmitter emitter)
    {
        node.OperatorType = "ScatterElements";
        emitter.Import(node);
    }

    /// <summary>Parameters of groups, each repeated for the group's channels.</summary>
    private static Value OfChannels(ImportNode node, IEmitter emitter, Value groups, int channels, string name)
    {
        if (groups.Shape.Rank != 1 || groups.Shape[0] == 0 || channels % groups.Shape[0] != 0)
            throw node.Error($"its {name} has the shape {groups.Shape}",
                $"it must have an element for each group of {channels} channels");
        var columns = new[] { groups.Shape[0], 1 };
        var rows = new[] { groups.Shape[0], channels / groups.Shape[0] };
        var column = emitter.Apply("Reshape", [groups], Attributes.Of(("shape", columns)),
            emitter.Unique($"{node.Prefix}/{name}/groups"));
        var matrix = emitter.Apply("Expand", [column], Attributes.Of(("shape", rows)),
            emitter.Unique($"{node.Prefix}/{name}/rows"));
        return emitter.Apply("Reshape", [matrix], Attributes.Of(("shape", new[] { channels })),
            emitter.Unique($"{node.Prefix}/{name}"));
    }

    /// <summary>A number that used to be an attribute, as the constant input that it is now.</summary>
    private static ConstantValue? Setting(ImportNode node, IEmitter emitter, string attribute, OnnxElementType type) =>
        node.Attributes.ContainsKey(attribute)
            ? new ConstantValue(
                emitter.Unique($"{node.Prefix}/{attribute}"),
                OnnxTensor.Of(type, Tensor<double>.Scalar(node.Take(attribute, 0.0))))
            : null;
}
