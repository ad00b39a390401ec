using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Expansion;

/// <summary>Makes the vertices of a node that is composed of other operators. They are named after the node's first
/// output.</summary>
internal sealed class Composition(ImportNode node, IEmitter emitter)
{
    /// <summary>The node.</summary>
    public ImportNode Node => node;

    /// <summary>Whether one of the node's outputs is read.</summary>
    public bool IsRead(int output) => output < node.Outputs.Count && emitter.IsRead(node.Outputs[output]);

    /// <summary>Applies an operator.</summary>
    public Value Apply(string operatorType, string name, Attributes attributes, params ReadOnlySpan<Value> inputs) =>
        emitter.Apply(operatorType, inputs, attributes, Unique(name));

    /// <summary>Applies an operator whose elements have a type of their own.</summary>
    public Value Apply(string operatorType, string name, OnnxElementType type, Attributes attributes,
        params ReadOnlySpan<Value> inputs) =>
        emitter.Apply(operatorType, inputs, attributes, Unique(name), type);

    /// <summary>Applies an operator without attributes.</summary>
    public Value Apply(string operatorType, string name, params ReadOnlySpan<Value> inputs) =>
        Apply(operatorType, name, Attributes.Empty, inputs);

    /// <summary>Applies an operator that gives one of the node's outputs.</summary>
    public void Give(int output, string operatorType, Attributes attributes, params ReadOnlySpan<Value> inputs) =>
        emitter.Define(emitter.Apply(operatorType, inputs, attributes, node.Outputs[output]));

    /// <summary>Applies an operator that gives one of the node's outputs, of a type of its own.</summary>
    public void Give(int output, OnnxElementType type, string operatorType, Attributes attributes,
        params ReadOnlySpan<Value> inputs) =>
        emitter.Define(emitter.Apply(operatorType, inputs, attributes, node.Outputs[output], type));

    /// <summary>Passes a value on as one of the node's outputs, if that is read.</summary>
    public void Pass(int output, Value value)
    {
        if (IsRead(output)) Give(output, "Identity", Attributes.Empty, value);
    }

    /// <summary>The value under another shape.</summary>
    public Value View(Value x, string name, params ReadOnlySpan<int> shape) =>
        Apply("Reshape", name, ShapeOf(shape), x);

    /// <summary>The attributes of a Reshape.</summary>
    public static Attributes ShapeOf(ReadOnlySpan<int> shape) =>
        Attributes.Of(("shape", shape.ToArray()), ("allowzero", true));

    /// <summary>The value with its axes in another order.</summary>
    public Value Transpose(Value x, string name, params ReadOnlySpan<int> perm) =>
        Apply("Transpose", name, Attributes.Of(("perm", perm.ToArray())), x);

    /// <summary>Indices of one axis from a start to an end, which it does not contain.</summary>
    public Value Slice(Value x, string name, int axis, long start, long end, long step = 1) => Apply(
        "Slice", name,
        Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }),
            ("steps", new[] { step })), x);

    /// <summary>A number of a value's type.</summary>
    public ConstantValue Number(string name, OnnxElementType type, double number) =>
        Constant(name, type, Tensor<double>.Scalar(number));

    /// <summary>An array that is known.</summary>
    public ConstantValue Constant(string name, OnnxElementType type, Tensor<double> values) =>
        new(Unique(name), OnnxTensor.Of(type, values));

    /// <summary>An array whose elements are a function of their places.</summary>
    public ConstantValue Constant(string name, OnnxElementType type, Shape shape, Func<int, double> element)
    {
        emitter.Budget.TakeConstant(shape, $"the {name} of {node.What}");
        var values = new Tensor<double>(shape);
        var elements = values.Writable;
        for (var i = 0; i < elements.Length; i++) elements[i] = element(i);
        return Constant(name, type, values);
    }

    /// <summary>Refuses attributes that have not been taken.</summary>
    public void RequireNoOthers()
    {
        if (node.Attributes.Count > 0)
            throw node.Error($"its attribute '{node.Attributes.Keys.First()}' is not known");
    }

    private string Unique(string name) => emitter.Unique($"{node.Prefix}/{name}");
}
