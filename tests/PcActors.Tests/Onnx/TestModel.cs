using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Onnx.Export;
using PcActors.Onnx.Schema;

namespace PcActors.Tests.Onnx;

/// <summary>A model file in the making.</summary>
internal sealed class TestModel
{
    public TestModel(int opset = 17)
    {
        Proto = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Proto { get; }

    public byte[] Bytes => Proto.ToByteArray();

    public OnnxModel Model => OnnxModel.Parse(Bytes);

    /// <summary>An input of floats; a dimension is a number, a symbol, or null when it is open.</summary>
    public TestModel Input(string name, params object?[] dimensions) => Input(name, OnnxElementType.Float, dimensions);

    public TestModel Input(string name, OnnxElementType type, params object?[] dimensions)
    {
        Proto.Graph.Input.Add(Value(name, type, dimensions));
        return this;
    }

    public TestModel Output(string name, params object?[] dimensions)
    {
        Proto.Graph.Output.Add(Value(name, OnnxElementType.Float, dimensions));
        return this;
    }

    public TestModel Floats(string name, long[] dimensions, params float[] values)
    {
        Proto.Graph.Initializer.Add(
            new TensorProto
            {
                Name = name,
                DataType = (int)OnnxElementType.Float,
                Dims = { dimensions },
                FloatData = { values }
            });
        return this;
    }

    public TestModel Integers(string name, params long[] values) => Integers(name, [values.Length], values);

    public TestModel Integers(string name, long[] dimensions, params long[] values)
    {
        Proto.Graph.Initializer.Add(
            new TensorProto
            {
                Name = name,
                DataType = (int)OnnxElementType.Int64,
                Dims = { dimensions },
                Int64Data = { values }
            });
        return this;
    }

    public TestModel Node(string operatorType, string[] inputs, string[] outputs,
        params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = operatorType, Input = { inputs }, Output = { outputs } };
        foreach (var (name, value) in attributes)
        {
            node.Attribute.Add(value is TensorProto tensor
                ? new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = tensor }
                : AttributeWriter.Write(operatorType, name, value is int number ? (long)number : value));
        }
        Proto.Graph.Node.Add(node);
        return this;
    }

    public TestModel Node(string operatorType, string input, string output,
        params (string Name, object Value)[] attributes) =>
        Node(operatorType, input.Split(' '), output.Split(' '), attributes);

    private static ValueInfoProto Value(string name, OnnxElementType type, object?[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(dimension switch
            {
                int extent => new TensorShapeProto.Types.Dimension { DimValue = extent },
                string symbol => new TensorShapeProto.Types.Dimension { DimParam = symbol },
                _ => new TensorShapeProto.Types.Dimension(),
            });
        }
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } }
        };
    }
}
