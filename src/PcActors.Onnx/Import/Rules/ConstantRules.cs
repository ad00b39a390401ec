using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Operators whose results are known at import: shapes are, and whatever is computed from them.</summary>
internal static class ConstantRules
{
    public static void Constant(ImportNode node, IEmitter emitter)
    {
        if (node.Attributes.Count > 1)
            throw node.Error($"it has the attributes {string.Join(", ", node.Attributes.Keys)}", "one is needed");
        var tensor = node.Attributes.Keys.SingleOrDefault() switch
        {
            "value" => node.Take<OnnxTensor?>("value", null),
            "value_int" => OnnxTensor.Of(Tensors.Shape.Scalar, node.Take("value_int", 0L)),
            "value_ints" => Integers(node.Take<long[]>("value_ints", [])),
            "value_float" => OnnxTensor.Of(OnnxElementType.Float, Tensor<double>.Scalar(node.Take("value_float", 0.0))),
            "value_floats" => Floats(node.Take<double[]>("value_floats", [])),
            var other =>
                throw node.Error($"its value is '{other}'", "a tensor, a number or a list of numbers is needed"),
        };
        emitter.Define(new ConstantValue(node.Outputs[0], tensor!));
    }

    public static void ConstantOfShape(ImportNode node, IEmitter emitter)
    {
        var extents = node.RequiredConstant(0, "shape").ToIntegers();
        if (extents.Any(e => e is < 0 or > int.MaxValue))
            throw node.Error($"its shape is [{string.Join(", ", extents)}]");
        var value = node.Take<OnnxTensor?>("value", null);
        if (value is not null && value.Shape.Length != 1)
            throw node.Error($"its value has the shape {value.Shape}", "one element is needed");
        var shape = new Shape([.. extents.Select(e => (int)e)]);
        Define(node, emitter, value?.Type ?? OnnxElementType.Float, shape,
            elements => elements.Fill(value?.Values.Span[0] ?? 0));
    }

    public static void Shape(ImportNode node, IEmitter emitter)
    {
        var extents = node.Required(0).Shape.Dimensions;
        var start = Place(node.Take("start", 0L), extents.Length);
        var end = Place(node.Take("end", (long)extents.Length), extents.Length);
        Define(emitter, node, extents[start..Math.Max(start, end)].ToArray().Select(e => (double)e));
    }

    public static void Size(ImportNode node, IEmitter emitter) => Define(
        node, emitter, OnnxElementType.Int64, Tensors.Shape.Scalar,
        elements => elements[0] = node.Required(0).Shape.Length);

    public static void Range(ImportNode node, IEmitter emitter)
    {
        var start = Scalar(node, 0, "start");
        var (limit, delta) = (Scalar(node, 1, "limit"), Scalar(node, 2, "delta"));
        var count = Math.Max(0, Math.Ceiling((limit - start) / delta));
        if (!(count <= int.MaxValue)) throw node.Error($"it runs from {start} to {limit} by {delta}");
        Define(node, emitter, node.Required(0).Type, new Shape((int)count), elements =>
        {
            for (var i = 0; i < elements.Length; i++) elements[i] = start + (i * delta);
        });
    }

    public static void NonZero(ImportNode node, IEmitter emitter)
    {
        var tensor = node.RequiredConstant(0, "X");
        var places = new List<int>();
        for (var i = 0; i < tensor.Shape.Length; i++)
        {
            if (tensor.Values.Span[i] != 0) places.Add(i);
        }
        var strides = tensor.Shape.Strides();
        Define(node, emitter, OnnxElementType.Int64, new Shape(tensor.Shape.Rank, places.Count), elements =>
        {
            for (var axis = 0; axis < strides.Length; axis++)
            {
                for (var i = 0; i < places.Count; i++)
                    elements[(axis * places.Count) + i] = places[i] / strides[axis] % tensor.Shape[axis];
            }
        });
    }

    private delegate void Fill(Span<double> elements);

    private static void Define(ImportNode node, IEmitter emitter, OnnxElementType type, Shape shape, Fill fill)
    {
        emitter.Budget.TakeConstant(shape, $"'{node.Outputs[0]}'");
        var values = new Tensor<double>(shape);
        fill(values.Writable);
        emitter.Define(
            new ConstantValue(node.Outputs[0], OnnxTensor.Computed(node.Source, $"'{node.Outputs[0]}'", type, values)));
    }

    private static void Define(IEmitter emitter, ImportNode node, IEnumerable<double> integers)
    {
        double[] elements = [.. integers];
        Define(node, emitter, OnnxElementType.Int64, new Shape(elements.Length), to => elements.CopyTo(to));
    }

    private static int Place(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);

    private static double Scalar(ImportNode node, int input, string name)
    {
        var tensor = node.RequiredConstant(input, name);
        return tensor.Shape.Length == 1
            ? tensor.Values.Span[0]
            : throw node.Error($"its input '{name}' has the shape {tensor.Shape}", "one element is needed");
    }

    private static OnnxTensor Integers(long[] values) => OnnxTensor.Of(new Shape(values.Length), values);

    private static OnnxTensor Floats(double[] values) =>
        OnnxTensor.Of(OnnxElementType.Float, Tensor<double>.From(new Shape(values.Length), values));
}
