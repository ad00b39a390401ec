using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Files;

/// <summary>A tensor as a model file holds it, checked: its type is read, and there are as many bytes as
/// its dimensions need.</summary>
internal sealed class StoredTensor
{
    private readonly TensorProto _proto;
    private readonly string _source;
    private readonly ExternalRange? _external;
    private bool _isReleased;

    private StoredTensor(TensorProto proto, string source, string what, OnnxElementType type, Shape shape,
        ExternalRange? external) =>
        (_proto, _source, What, Type, Shape, _external) = (proto, source, what, type, shape, external);

    /// <summary>What messages call it.</summary>
    public string What { get; }

    public OnnxElementType Type { get; }

    public Shape Shape { get; }

    /// <summary>Where its elements lie; null when they are in the model file.</summary>
    public ExternalRange? External => _external;

    /// <summary>Checks a tensor, without reading its elements.</summary>
    /// <param name="proto">The tensor.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="file">Where the model came from.</param>
    /// <exception cref="OnnxException">It is of a type that is not read, or its elements are not those that its
    /// dimensions ask for.</exception>
    public static StoredTensor Check(TensorProto proto, string what, ModelFile file)
    {
        if (!ElementTypes.TryParse(proto.DataType, out var type))
            throw new OnnxException(file.Source, $"{what} has {ElementTypes.NameOfUnread(proto.DataType)}",
                $"{ElementTypes.Read} are read");
        var shape = ShapeOf(proto, what, file);
        var needed = type.Bytes(shape.Length);
        ExternalRange? external = null;
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            external = file.Locate(what, proto.ExternalData, needed);
        else if (proto.HasRawData) Require(file, what, shape, proto.RawData.Length, needed, "bytes of raw_data");
        else
        {
            var (count, field) = TypedField(proto, type);
            // Elements that share a byte share an entry.
            Require(file, what, shape, count, type.Bits() < 8 ? needed : shape.Length, $"elements in {field}");
        }
        return new StoredTensor(proto, file.Source, what, type, shape, external);
    }

    /// <summary>The elements, row-major, little-endian.</summary>
    /// <exception cref="OnnxException">An element does not fit the type, or the external file can
    /// no longer be read.</exception>
    /// <exception cref="InvalidOperationException">They were released.</exception>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_isReleased)
            throw new InvalidOperationException(
                $"{_source}: {What} was taken over by an import; the model has to be loaded again");
        if (_external is not null) return ReadExternal(_external);
        if (_proto.HasRawData) return _proto.RawData.Span;
        return Type switch
        {
            OnnxElementType.Float => MemoryMarshal.AsBytes<float>(_proto.FloatData.ToArray()),
            OnnxElementType.Double => MemoryMarshal.AsBytes<double>(_proto.DoubleData.ToArray()),
            OnnxElementType.Int64 => MemoryMarshal.AsBytes<long>(_proto.Int64Data.ToArray()),
            OnnxElementType.UInt64 => MemoryMarshal.AsBytes<ulong>(_proto.Uint64Data.ToArray()),
            OnnxElementType.UInt32 => Narrow<ulong, uint>(_proto.Uint64Data),
            OnnxElementType.Int32 => MemoryMarshal.AsBytes<int>(_proto.Int32Data.ToArray()),
            OnnxElementType.Int16 => Narrow<int, short>(_proto.Int32Data),
            OnnxElementType.Int8 => Narrow<int, sbyte>(_proto.Int32Data),
            OnnxElementType.UInt16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 =>
                Narrow<int, ushort>(_proto.Int32Data),
            _ => Narrow<int, byte>(_proto.Int32Data),
        };
    }

    /// <summary>Gives the memory of the elements up; they cannot be read again.</summary>
    public void Release()
    {
        if (_external is not null) return;
        _proto.ClearRawData();
        GiveUp(_proto.FloatData);
        GiveUp(_proto.DoubleData);
        GiveUp(_proto.Int32Data);
        _isReleased = true;

        static void GiveUp<TElement>(RepeatedField<TElement> field)
        {
            field.Clear();
            field.Capacity = 0;
        }
    }

    private static Shape ShapeOf(TensorProto proto, string what, ModelFile file)
    {
        if (proto.Dims.Count > Shape.LargestRank)
            throw new OnnxException(file.Source, $"{what} has {proto.Dims.Count} dimensions",
                $"a tensor has at most {Shape.LargestRank}");
        long length = 1;
        foreach (var extent in proto.Dims)
        {
            if (extent < 0)
                throw new OnnxException(file.Source, $"{what} has the dimensions {Dimensions(proto)}",
                    "none may be negative");
            if (extent > int.MaxValue || (length *= extent) > int.MaxValue)
                throw new OnnxException(file.Source, $"{what} has the dimensions {Dimensions(proto)}",
                    "a tensor has at most 2^31 - 1 elements");
        }
        return new Shape([.. proto.Dims.Select(extent => (int)extent)]);
    }

    private static string Dimensions(TensorProto proto) =>
        $"[{string.Join(", ", proto.Dims.Take(8))}{(proto.Dims.Count > 8 ? ", ..." : "")}]";

    private static void Require(ModelFile file, string what, Shape shape, long found, long needed, string unit)
    {
        if (found == needed) return;
        throw new OnnxException(
            file.Source,
            string.Create(CultureInfo.InvariantCulture, $"{what} has {found} {unit}"),
            string.Create(CultureInfo.InvariantCulture, $"its dimensions {shape} need {needed}"));
    }

    private static (int Count, string Field) TypedField(TensorProto proto, OnnxElementType type) => type switch
    {
        OnnxElementType.Float => (proto.FloatData.Count, "float_data"),
        OnnxElementType.Double => (proto.DoubleData.Count, "double_data"),
        OnnxElementType.Int64 => (proto.Int64Data.Count, "int64_data"),
        OnnxElementType.UInt64 or OnnxElementType.UInt32 => (proto.Uint64Data.Count, "uint64_data"),
        _ => (proto.Int32Data.Count, "int32_data"),
    };

    private ReadOnlySpan<byte> ReadExternal(ExternalRange range)
    {
        try
        {
            return range.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException(_source, $"the external data of {What} cannot be read: {e.Message}");
        }
    }

    private ReadOnlySpan<byte> Narrow<TWide, TNarrow>(IReadOnlyList<TWide> elements)
        where TWide : unmanaged, System.Numerics.IBinaryInteger<TWide>
        where TNarrow : unmanaged, System.Numerics.IBinaryInteger<TNarrow>
    {
        var narrow = new TNarrow[elements.Count];
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = TNarrow.CreateTruncating(elements[i]);
            if (TWide.CreateTruncating(narrow[i]) != elements[i])
                throw new OnnxException(_source,
                    string.Create(CultureInfo.InvariantCulture, $"element {i} of {What} is {elements[i]}"),
                    $"{Type.Name()} cannot hold it");
        }
        return MemoryMarshal.AsBytes<TNarrow>(narrow);
    }
}
