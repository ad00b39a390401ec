using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Import.Expansion;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Quantization: floats as whole numbers times a scale. What is rounded passes its error on as it is
/// (straight-through), and what is cut off at the ends of the type passes none.</summary>
internal static class QuantizationRules
{
    public static void Quantize(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var type = QuantizedType(node, 2);
        var layout = new ScaleLayout(make, x.Shape);
        node.Take("saturate", 1L);
        node.Take("precision", 0L);
        make.RequireNoOthers();
        var zero = node.Input(2) is { } given ? layout.Of(given, "zero_point") : null;
        Quantize(make, 0, x, layout.Of(node.Required(1), "scale"), zero, type);
    }

    public static void Dequantize(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        var scale = node.Required(1);
        var type = node.Take("output_dtype", 0L) is var number and > 0 ? TypeOf(node, number) : scale.Type;
        var layout = new ScaleLayout(make, x.Shape);
        make.RequireNoOthers();
        var zero = node.Input(2) is { } given ? layout.Of(given, "zero_point") : null;
        make.Give(0, type, "Mul", Attributes.Empty, Shifted(make, x, zero, type, "x"), layout.Of(scale, "scale"));
    }

    /// <summary>The scale and the zero point follow from the largest and the smallest element.</summary>
    public static void DynamicQuantize(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var x = node.Required(0);
        make.RequireNoOthers();
        var zero = make.Number("zero", x.Type, 0);
        var all = Attributes.Of(("keepdims", false));
        var most = make.Apply("Max", "most", make.Apply("ReduceMax", "largest", all, x), zero);
        var least = make.Apply("Min", "least", make.Apply("ReduceMin", "smallest", all, x), zero);
        var width = make.Apply("Div", "width", make.Apply("Sub", "range", most, least),
            make.Number("steps", x.Type, byte.MaxValue));
        // All elements are 0: any scale does.
        var scale = make.Apply("Where", "scale", make.Apply("Equal", "none", width, zero),
            make.Number("step", x.Type, 1.0 / byte.MaxValue), width);
        var first = make.Apply("Neg", "first", make.Apply("Div", "least/steps", least, scale));
        var zeroPoint = make.Apply("Round", "zero_point", make.Apply("Clip", "first/cut",
            Attributes.Of(("min", 0.0), ("max", (double)byte.MaxValue)), first));
        make.Pass(1, scale);
        if (make.IsRead(2)) make.Give(2, OnnxElementType.UInt8, "Identity", Attributes.Empty, zeroPoint);
        if (make.IsRead(0)) Quantize(make, 0, x, scale, zeroPoint, OnnxElementType.UInt8);
    }

    /// <summary>The product of what A and B mean, quantized.</summary>
    public static void MatMul(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        make.RequireNoOthers();
        var (a, b) = (Shifted(make, node.Required(0), Rows(make, 2, "a"), OnnxElementType.Int32, "a"),
            Shifted(make, node.Required(3), node.Input(5), OnnxElementType.Int32, "b"));
        var product = make.Apply("MatMul", "product", a, b);
        var scale = make.Apply("Mul", "scales", Rows(make, 1, "a_scale")!, node.Required(4));
        var meant = make.Apply("Mul", "meant", product, scale);
        Quantize(make, 0, meant, Rows(make, 6, "y_scale")!, Rows(make, 7, "y"), QuantizedType(node, 7));
    }

    /// <summary>The convolution of what X and W mean, with a bias in units of their scales, quantized.</summary>
    public static void Conv(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var (x, w) = (node.Required(0), node.Required(3));
        var attributes = TakeAll(node);
        var zeroX = Shifted(make, x, node.Input(2), OnnxElementType.Int32, "x");
        var zeroW = Shifted(make, w, Channels(make, 5, "w", 0, w.Shape.Rank), OnnxElementType.Int32, "w");
        Value[] inputs = node.Input(8) is { } bias ? [zeroX, zeroW, bias] : [zeroX, zeroW];
        var sums = make.Apply("Conv", "sums", attributes, inputs);
        var scale = make.Apply("Mul", "scales", node.Required(1), Channels(make, 4, "w_scale", 1, w.Shape.Rank)!);
        var meant = make.Apply("Mul", "meant", sums, scale);
        Quantize(make, 0, meant, node.Required(6), node.Input(7), QuantizedType(node, 7));
    }

    public static void MatMulInteger(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        make.RequireNoOthers();
        var (a, b) = (Shifted(make, node.Required(0), Rows(make, 2, "a"), OnnxElementType.Int32, "a"),
            Shifted(make, node.Required(1), node.Input(3), OnnxElementType.Int32, "b"));
        make.Give(0, OnnxElementType.Int32, "MatMul", Attributes.Empty, a, b);
    }

    public static void ConvInteger(ImportNode node, IEmitter emitter)
    {
        var make = new Composition(node, emitter);
        var w = node.Required(1);
        var attributes = TakeAll(node);
        var zeroX = Shifted(make, node.Required(0), node.Input(2), OnnxElementType.Int32, "x");
        var zeroW = Shifted(make, w, Channels(make, 3, "w", 0, w.Shape.Rank), OnnxElementType.Int32, "w");
        make.Give(0, OnnxElementType.Int32, "Conv", attributes, zeroX, zeroW);
    }

    private static void Quantize(Composition make, int output, Value x, Value scale, Value? zero, OnnxElementType type)
    {
        var steps = make.Apply("Div", "y/steps", x, scale);
        if (type.Narrow() is { } narrow)
        {
            if (zero is not null) steps = make.Apply("Add", "y/shifted", steps, zero);
            var cut = make.Apply("Clip", "y/cut",
                Attributes.Of(("min", -narrow.Largest), ("max", narrow.Largest)), steps);
            make.Give(output, type, "Cast", Attributes.Of(("to", type.Name())), cut);
            return;
        }
        var whole = make.Apply("Round", "y/whole", Attributes.Of(("straight_through", true)), steps);
        if (zero is not null) whole = make.Apply("Add", "y/shifted", whole, zero);
        var (least, most) = type.Range();
        make.Give(output, type, "Clip", Attributes.Of(("min", least), ("max", most)), whole);
    }

    private static Value Shifted(Composition make, Value x, Value? zero, OnnxElementType type, string name) =>
        zero is null ? x : make.Apply("Sub", $"{name}/shifted", type, Attributes.Empty, x, zero);

    /// <summary>The type of a zero point, else the one that output_dtype names, else uint8.</summary>
    private static OnnxElementType QuantizedType(ImportNode node, int zeroPoint)
    {
        var number = node.Take("output_dtype", 0L);
        var type = node.Input(zeroPoint)?.Type ?? (number > 0 ? TypeOf(node, number) : OnnxElementType.UInt8);
        return type.CanLearn()
            ? throw node.Error(
                $"it gives {type.Name()}", "whole numbers of up to 32 bits and floats of 8 are supported")
            : type;
    }

    private static OnnxElementType TypeOf(ImportNode node, long number)
    {
        var found = (int)Math.Clamp(number, 0, int.MaxValue);
        return ElementTypes.TryParse(found, out var type)
            ? type
            : throw node.Error($"it gives {ElementTypes.NameOfUnread(found)}", $"{ElementTypes.Read} are read");
    }

    /// <summary>An input that has one number, or one for each row of a matrix.</summary>
    private static Value? Rows(Composition make, int input, string name) => make.Node.Input(input) switch
    {
        { Shape: { Rank: 1, Length: > 1 } } rows => make.View(rows, $"{name}/rows", rows.Shape[0], 1),
        var other => other,
    };

    /// <summary>An input that has one number, or one for each channel, which are an axis of a given rank.</summary>
    private static Value? Channels(Composition make, int input, string name, int axis, int rank)
    {
        if (make.Node.Input(input) is not { Shape: { Rank: 1, Length: > 1 } } channels) return make.Node.Input(input);
        int[] shape = [.. Enumerable.Repeat(1, rank)];
        shape[axis] = channels.Shape[0];
        return make.View(channels, $"{name}/channels", shape);
    }

    /// <summary>Takes all attributes for another operator, which checks them.</summary>
    private static Attributes TakeAll(ImportNode node)
    {
        var attributes = Attributes.Of([.. node.Attributes.Select(a => (a.Key, (object?)a.Value))]);
        node.Attributes.Clear();
        return attributes;
    }
}

/// <summary>Scales and zero points as they broadcast to an input: one number, one for each index of an axis, or one
/// for each block of them.</summary>
internal sealed class ScaleLayout
{
    private readonly Composition _make;
    private readonly Shape _shape;
    private readonly long _axis;
    private readonly long _block;

    /// <summary>Takes the node's axis and block_size.</summary>
    public ScaleLayout(Composition make, Shape shape)
    {
        (_make, _shape) = (make, shape);
        _axis = make.Node.Take("axis", 1L);
        _block = make.Node.Take("block_size", 0L);
    }

    /// <summary>A scale or a zero point.</summary>
    public Value Of(Value value, string name)
    {
        if (value.Shape.Length == 1) return _make.View(value, name);
        var axis = (int)(_axis < 0 ? _axis + _shape.Rank : _axis);
        if (axis < 0 || axis >= _shape.Rank)
            throw _make.Node.Error($"its axis is {_axis}, and its input has the shape {_shape}");
        if (_block == 0 && value.Shape.Rank == 1 && value.Shape[0] == _shape[axis])
        {
            int[] shape = [.. Enumerable.Repeat(1, _shape.Rank)];
            shape[axis] = value.Shape[0];
            return _make.View(value, name, shape);
        }
        if (_block > 0 && value.Shape.Equals(_shape.With(axis, (int)((_shape[axis] + _block - 1) / _block))))
        {
            var blocks = _make.Constant($"{name}/blocks", OnnxElementType.Int64, new Shape(_shape[axis]),
                i => i / _block);
            return _make.Apply("Gather", name, Attributes.Of(("axis", axis)), value, blocks);
        }
        throw _make.Node.Error($"its {name} has the shape {value.Shape}",
            $"one number is needed, one for each index of axis {axis} of {_shape}, or for each block_size");
    }
}
