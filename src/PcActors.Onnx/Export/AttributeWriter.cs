using Google.Protobuf;
using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Export;

/// <summary>Attributes of functions as ONNX writes them.</summary>
internal static class AttributeWriter
{
    // A type is a text here and a number in ONNX.
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal) { "to", "dtype" };

    /// <summary>An attribute.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">long, double, string, or an array of one of these.</param>
    public static AttributeProto Write(string operatorType, string name, object value)
    {
        if (value is string text && Types.Contains(name) && ElementTypes.Parse(text) is { } type) value = (long)type;
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number: (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number); break;
            case double number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, (float)number);
                Document(attribute, [number]);
                break;
            case string word:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String,
                    ByteString.CopyFromUtf8(word)); break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case double[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers.Select(n => (float)n));
                Document(attribute, numbers);
                break;
            case string[] words:
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                attribute.Strings.AddRange(words.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"{operatorType}: the attribute '{name}' is a {value.GetType().Name}",
                    nameof(value));
        }
        return attribute;
    }

    /// <summary>An attribute here that is an input in ONNX, as an initializer.</summary>
    /// <param name="name">The initializer's name.</param>
    /// <param name="input">The input.</param>
    /// <param name="value">long, double, or an array of one of these.</param>
    /// <param name="type">The type of the model's floats, which settings have too.</param>
    public static TensorProto Input(string name, OperatorInput input, object value, OnnxElementType type)
    {
        var tensor = new TensorProto { Name = name };
        if (value is long[] or double[]) tensor.Dims.Add(((Array)value).Length);
        switch (value)
        {
            case long flag when input.Name == "training_mode":
                tensor.Int32Data.Add((int)flag);
                tensor.DataType = (int)OnnxElementType.Bool;
                return tensor;
            case long or long[]:
                tensor.Int64Data.AddRange(value as long[] ?? [(long)value]);
                tensor.DataType = (int)OnnxElementType.Int64;
                return tensor;
        }
        var numbers = value as double[] ?? [(double)value];
        // Of those that are no settings Dropout's alone may be in double precision.
        if (input.Kind != InputKind.Setting)
            type = input.Name == "ratio" && !numbers.All(n => ((double)(float)n).Equals(n))
                ? OnnxElementType.Double
                : OnnxElementType.Float;
        tensor.DataType = (int)type;
        if (type == OnnxElementType.Double) tensor.DoubleData.AddRange(numbers);
        else tensor.FloatData.AddRange(numbers.Select(n => (float)n));
        return tensor;
    }

    private static void Document(AttributeProto attribute, IReadOnlyCollection<double> numbers)
    {
        if (AttributeFloats.Exact(numbers) is { } exact) attribute.DocString = exact;
    }
}
