using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>A tensor with ONNX's element type: one that a model file holds, or one that was
/// computed. Immutable.</summary>
public sealed class OnnxTensor
{
    private readonly string _source;
    private readonly StoredTensor? _stored;
    private Tensor<double>? _values;

    private OnnxTensor(string source, string what, OnnxElementType type, Shape shape, StoredTensor? stored,
        Tensor<double>? values) =>
        (_source, What, Type, Shape, _stored, _values) = (source, what, type, shape, stored, values);

    /// <summary>The element type.</summary>
    public OnnxElementType Type { get; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>What messages call it.</summary>
    internal string What { get; }

    /// <summary>Where its elements lie; null when that is no file beside the model's.</summary>
    internal ExternalRange? External => _stored?.External;

    /// <summary>A tensor of a type from its elements, each rounded to the type; integers lose their fraction.</summary>
    public static OnnxTensor Of(OnnxElementType type, Tensor<double> values)
    {
        var rounded = new Tensor<double>(values.Shape);
        for (var i = 0; i < rounded.Length; i++) rounded.Writable[i] = type.Round(values.Span[i]);
        return new OnnxTensor("tensor", "the tensor", type, values.Shape, null, rounded);
    }

    /// <summary>A tensor of int64.</summary>
    /// <exception cref="ShapeException">The number of elements is not the shape's.</exception>
    public static OnnxTensor Of(Shape shape, params ReadOnlySpan<long> elements)
    {
        var values = new double[elements.Length];
        for (var i = 0; i < values.Length; i++) values[i] = elements[i];
        return new OnnxTensor("tensor", "the tensor", OnnxElementType.Int64, shape, null,
            Tensor<double>.From(shape, values));
    }

    /// <summary>The tensor in a file of its own, a serialized TensorProto.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxException">The file is missing or damaged, or the tensor is of a type
    /// that is not read.</exception>
    public static OnnxTensor Load(string path)
    {
        var proto = ProtoFile.Parse(path, ProtoFile.Read(path), Schema.TensorProto.Parser, "tensor");
        var file = new ModelFile(path, Path.GetDirectoryName(Path.GetFullPath(path)));
        return Stored(StoredTensor.Check(proto, "the tensor", file), path);
    }

    /// <summary>The elements as floating-point numbers, floats rounded to the nearest; false is 0 and true 1.</summary>
    /// <exception cref="OnnxException">A finite element is too large for <typeparamref name="T"/>, or an integer
    /// would be rounded.</exception>
    public Tensor<T> ToTensor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wrong = Convert(out Tensor<T> tensor);
        if (wrong < 0) return tensor;
        // A float is as the file has it: what it has become may be infinite.
        var element = Type.IsFloat() ? Values.Span[wrong] : double.CreateTruncating(tensor.Span[wrong]);
        throw new OnnxException(
            _source,
            string.Create(CultureInfo.InvariantCulture,
                $"element {wrong} of {What} is {element}, of type {Type.Name()}"),
            Type.IsFloat() ? $"it is too large for {typeof(T).Name}" : $"{typeof(T).Name} cannot hold it exactly");
    }

    /// <summary>The elements, given up here: a model that is loaded holds them no more.</summary>
    internal Tensor<T> TakeOver<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = ToTensor<T>();
        _stored?.Release();
        return tensor;
    }

    /// <summary>The tensor with elements of its own, which stay when those of the model are given up.</summary>
    internal OnnxTensor Copied() => new(_source, What, Type, Shape, null, Values);

    /// <summary>The elements in single precision, to be looked at: no copy of them where the file holds such; empty
    /// where they do not fit.</summary>
    internal ReadOnlySpan<float> Floats() => _stored is not null && Type == OnnxElementType.Float
        ? MemoryMarshal.Cast<byte, float>(_stored.Bytes())
        : TryTensor<float>() is { } tensor ? tensor.Span : [];

    /// <summary>As <see cref="ToTensor"/>; null where that throws.</summary>
    internal Tensor<T>? TryTensor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Convert(out Tensor<T> tensor) < 0 ? tensor : null;

    /// <summary>The elements, exactly, or as <see cref="ElementCodec.Decode"/> says.</summary>
    internal Tensor<double> Values => _values ??= ToTensor<double>();

    /// <summary>The elements as integers.</summary>
    internal long[] ToIntegers()
    {
        var values = Values.Span;
        var integers = new long[values.Length];
        for (var i = 0; i < integers.Length; i++) integers[i] = long.CreateSaturating(values[i]);
        return integers;
    }

    /// <summary>A computed tensor, its elements rounded to the type.</summary>
    /// <param name="source">The model's file.</param>
    /// <param name="what">What messages call the tensor.</param>
    /// <param name="type">The type.</param>
    /// <param name="values">The elements; rounded in place.</param>
    /// <exception cref="OnnxException">An integer is so large that it may not be exact.</exception>
    internal static OnnxTensor Computed(string source, string what, OnnxElementType type, Tensor<double> values)
    {
        var elements = values.Writable;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = type.Round(elements[i]);
            // 2^63 stands for the largest int64: "to the end" of an axis.
            if (!type.IsFloat() && Math.Abs(elements[i]) >= ElementCodec.LargestExact
                && Math.Abs(elements[i]) != -(double)long.MinValue)
            {
                throw new OnnxException(
                    source,
                    string.Create(CultureInfo.InvariantCulture,
                        $"element {i} of {what} is {elements[i]}, an {type.Name()}"),
                    "integers below 2^53 are computed");
            }
        }
        return new OnnxTensor(source, what, type, values.Shape, null, values);
    }

    /// <summary>A tensor of a model file.</summary>
    internal static OnnxTensor Stored(StoredTensor stored, string source) =>
        new(source, stored.What, stored.Type, stored.Shape, stored, null);

    /// <summary>Converts the elements.</summary>
    /// <returns>The place of the first one that does not fit; -1 when all do.</returns>
    private int Convert<T>(out Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_values is Tensor<T> known)
        {
            tensor = known;
            return -1;
        }
        tensor = new Tensor<T>(Shape);
        if (_values is null) return ElementCodec.Decode(Type, _stored!.Bytes(), tensor.Writable);
        var wrong = ElementCodec.Decode(OnnxElementType.Double, MemoryMarshal.AsBytes(_values.Span), tensor.Writable);
        return wrong < 0 && !Type.IsFloat() ? FirstRounded(tensor) : wrong;
    }

    private int FirstRounded<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < tensor.Length; i++)
        {
            if (double.CreateTruncating(tensor.Span[i]) != _values!.Span[i]) return i;
        }
        return -1;
    }
}
