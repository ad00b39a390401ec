using PcActors.Data.Npy;
using PcActors.Onnx;

namespace PcNode.Stepping;

/// <summary>NumPy's element types and ONNX's.</summary>
internal static class ElementTypePairs
{
    private static readonly (NpyType Npy, string Name, OnnxElementType Onnx)[] Pairs =
    [
        (NpyType.Boolean, "bool", OnnxElementType.Bool),
        (NpyType.Int8, "int8", OnnxElementType.Int8),
        (NpyType.Int16, "int16", OnnxElementType.Int16),
        (NpyType.Int32, "int32", OnnxElementType.Int32),
        (NpyType.Int64, "int64", OnnxElementType.Int64),
        (NpyType.UInt8, "uint8", OnnxElementType.UInt8),
        (NpyType.UInt16, "uint16", OnnxElementType.UInt16),
        (NpyType.UInt32, "uint32", OnnxElementType.UInt32),
        (NpyType.UInt64, "uint64", OnnxElementType.UInt64),
        (NpyType.Float16, "float16", OnnxElementType.Float16),
        (NpyType.Float32, "float32", OnnxElementType.Float),
        (NpyType.Float64, "float64", OnnxElementType.Double),
        // NumPy has no bfloat16; every one is a float32.
        (NpyType.Float32, "float32", OnnxElementType.BFloat16),
    ];

    /// <summary>NumPy's name of a type.</summary>
    public static string NumpyName(NpyType type) => Pairs.First(p => p.Npy == type).Name;

    /// <summary>Whether a type is one of floating-point numbers.</summary>
    public static bool IsFloat(NpyType type) => type is NpyType.Float16 or NpyType.Float32 or NpyType.Float64;

    /// <summary>Refuses an array of another type than the input's, or of one that this one cannot hold.</summary>
    /// <exception cref="UsageException">It is of another type, or the input is of none that is read.</exception>
    public static void Require(NpyArray array, OnnxValue input, string origin, string model)
    {
        if (input.Type is not { } type)
            throw new UsageException(
                $"{origin}: the input '{input.Name}' of {model} is no tensor of a type that is read: "
                + input.Unread);
        if (!Pairs.Any(p => p.Onnx == type))
            throw new UsageException(
                $"{origin}: the input '{input.Name}' of {model} takes {type}, which no array of NumPy holds");
        var wanted = Pairs.First(p => p.Onnx == type);
        if (array.Type == wanted.Npy || IsHeld(array.Type, wanted.Npy)) return;
        throw new UsageException(
            $"{origin}: {array.Source} holds {NumpyName(array.Type)}; the input '{input.Name}' of {model} takes "
            + $"{wanted.Name}");
    }

    /// <summary>Whether every number of a type is one of a wider type.</summary>
    private static bool IsHeld(NpyType type, NpyType wider) => (type, wider) is
        (NpyType.Float16, NpyType.Float32 or NpyType.Float64) or (NpyType.Float32, NpyType.Float64)
        or (NpyType.Int8 or NpyType.UInt8, NpyType.Int16 or NpyType.Int32 or NpyType.Int64)
        or (NpyType.Int16 or NpyType.UInt16, NpyType.Int32 or NpyType.Int64)
        or (NpyType.Int32 or NpyType.UInt32, NpyType.Int64);
}
