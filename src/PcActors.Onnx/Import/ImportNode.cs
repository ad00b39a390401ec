using System.Text;
using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import;

/// <summary>A node on its way into the graph; its import rule may change it before it becomes a vertex.</summary>
internal sealed class ImportNode
{
    private readonly Func<VertexValue, ConstantValue> _stored;

    /// <summary>A node with the values of its inputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The inputs' values; null where one is left out.</param>
    /// <param name="stored">Makes a constant of a vertex that depends on parameters only: of what it is while they are
    /// as the file has them.</param>
    /// <param name="file">Where the model came from.</param>
    /// <exception cref="OnnxException">An attribute is of a kind that is not read.</exception>
    public ImportNode(
        VersionedNode node, IEnumerable<Value?> inputs, Func<ImportNode, VertexValue, ConstantValue> stored,
        ModelFile file)
    {
        var proto = node.Proto;
        (Source, Opset, OperatorType, Outputs) = (file.Source, node.Opset, proto.OpType, proto.Output);
        What = VersionedNode.NameOf(proto);
        _stored = vertex => stored(this, vertex);
        Inputs = [.. inputs];
        foreach (var attribute in proto.Attribute) Attributes[attribute.Name] = Read(attribute, file);
    }

    /// <summary>The model's file.</summary>
    public string Source { get; }

    /// <summary>What messages call it.</summary>
    public string What { get; }

    public long Opset { get; }

    public string OperatorType { get; set; }

    /// <summary>The type of its first output's elements, when the node says so; null when it
    /// follows from the operator.</summary>
    public OnnxElementType? Type { get; set; }

    /// <summary>By position; null where one is left out.</summary>
    public List<Value?> Inputs { get; }

    /// <summary>By position; empty where one is left out.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>By name: long, double, string, an array of one of these, <see cref="OnnxTensor"/>, a graph.</summary>
    public Dictionary<string, object> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>What vertices that the node needs beside its outputs are named after: its first output.</summary>
    public string Prefix => Outputs.First(o => o.Length > 0);

    /// <summary>An input's value; null when it is left out.</summary>
    public Value? Input(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>An input that must be there.</summary>
    public Value Required(int index) => Input(index) ?? throw Error($"its input {index} is missing");

    /// <summary>An input that must be there and be constant.</summary>
    public OnnxTensor RequiredConstant(int index, string name) =>
        Constant(index, name) ?? throw Error($"its input '{name}' is missing");

    /// <summary>An input that must be constant; null when it is left out.</summary>
    public OnnxTensor? Constant(int index, string name) => Input(index) switch
    {
        null => null,
        ConstantValue constant => constant.Tensor,
        VertexValue { Stored: not null } vertex => _stored(vertex).Tensor,
        var other => throw Error(
            $"its input '{name}' ('{other.Name}') depends on data",
            "it must be constant when the model is imported"),
    };

    /// <summary>A whole number that must be constant; null when it is left out.</summary>
    public long? Whole(int index, string name) => Constant(index, name) is not { } tensor ? null
        : tensor.Shape.Length == 1 ? tensor.ToIntegers()[0]
        : throw Error($"its input '{name}' has the shape {tensor.Shape}", "one element is needed");

    /// <summary>An input that sets the operator up: constant if it depends on no data.</summary>
    public Value Setting(Value input) => input is VertexValue { Stored: not null } vertex ? _stored(vertex) : input;

    /// <summary>Takes an attribute away.</summary>
    /// <returns>Its value; the default when it is not set.</returns>
    public TValue Take<TValue>(string name, TValue otherwise)
    {
        if (!Attributes.Remove(name, out var value)) return otherwise;
        return value is TValue typed ? typed : throw Error($"its attribute '{name}' has a value of the wrong kind");
    }

    /// <summary>Whether an attribute has this value, or is not set and this is its default.</summary>
    public bool Has(string name, object value) => Attributes.TryGetValue(name, out var found) && found.Equals(value);

    /// <summary>The exception for something wrong with the node.</summary>
    public OnnxException Error(string found, string? wanted = null) => new(Source, $"{What}: {found}", wanted);

    private object Read(AttributeProto attribute, ModelFile file)
    {
        if (attribute.HasRefAttrName) throw Error($"its attribute '{attribute.Name}' refers to a function's");
        return TypeOf(attribute) switch
        {
            AttributeProto.Types.AttributeType.Float => AttributeFloats.Read([attribute.F], attribute.DocString)[0],
            AttributeProto.Types.AttributeType.Int => attribute.I,
            AttributeProto.Types.AttributeType.String => Encoding.UTF8.GetString(attribute.S.Span),
            AttributeProto.Types.AttributeType.Floats => AttributeFloats.Read(attribute.Floats, attribute.DocString),
            AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
            AttributeProto.Types.AttributeType.Strings =>
                attribute.Strings.Select(s => Encoding.UTF8.GetString(s.Span)).ToArray(),
            AttributeProto.Types.AttributeType.Tensor when attribute.T is not null => OnnxTensor.Stored(
                StoredTensor.Check(attribute.T, $"the attribute '{attribute.Name}' of {What}", file), file.Source),
            AttributeProto.Types.AttributeType.Graph when attribute.G is not null => attribute.G,
            var other =>
                throw Error($"its attribute '{attribute.Name}' is of the kind {other}",
                    "numbers, texts, lists of them and tensors are read"),
        };
    }

    /// <summary>The kind of an attribute; the oldest models leave it out.</summary>
    private static AttributeProto.Types.AttributeType TypeOf(AttributeProto attribute)
    {
        if (attribute.Type != AttributeProto.Types.AttributeType.Undefined) return attribute.Type;
        return attribute switch
        {
            { HasF: true } => AttributeProto.Types.AttributeType.Float,
            { HasI: true } => AttributeProto.Types.AttributeType.Int,
            { HasS: true } => AttributeProto.Types.AttributeType.String,
            { T: not null } => AttributeProto.Types.AttributeType.Tensor,
            { G: not null } => AttributeProto.Types.AttributeType.Graph,
            { Floats.Count: > 0 } => AttributeProto.Types.AttributeType.Floats,
            { Strings.Count: > 0 } => AttributeProto.Types.AttributeType.Strings,
            _ => AttributeProto.Types.AttributeType.Ints,
        };
    }
}
