using PcActors.Files;

namespace PcActors.Onnx;

/// <summary>The types of a tensor's elements that are read, with ONNX's numbers (TensorProto.DataType).</summary>
public enum OnnxElementType
{
    /// <summary>IEEE single precision.</summary>
    Float = 1,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8 = 2,

    /// <summary>Signed, 8 bits.</summary>
    Int8 = 3,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 4,

    /// <summary>Signed, 16 bits.</summary>
    Int16 = 5,

    /// <summary>Signed, 32 bits.</summary>
    Int32 = 6,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 7,

    /// <summary>A truth value, in one byte.</summary>
    Bool = 9,

    /// <summary>IEEE half precision.</summary>
    Float16 = 10,

    /// <summary>IEEE double precision.</summary>
    Double = 11,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 12,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 13,

    /// <summary>The upper half of a single.</summary>
    BFloat16 = 16,

    /// <summary>8 bits, 4 of them the exponent's, without infinities.</summary>
    Float8E4M3FN = 17,

    /// <summary>8 bits, 4 of them the exponent's, without infinities and a negative zero.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8 bits, 5 of them the exponent's.</summary>
    Float8E5M2 = 19,

    /// <summary>8 bits, 5 of them the exponent's, without infinities and a negative zero.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>Unsigned, 4 bits, two in a byte.</summary>
    UInt4 = 21,

    /// <summary>Signed, 4 bits, two in a byte.</summary>
    Int4 = 22,

    /// <summary>A float of 4 bits, 2 of them the exponent's, two in a byte; without infinities and NaN.</summary>
    Float4E2M1 = 23,

    /// <summary>Unsigned, 2 bits, four in a byte.</summary>
    UInt2 = 25,

    /// <summary>Signed, 2 bits, four in a byte.</summary>
    Int2 = 26,
}

/// <summary>A model file cannot be used. The message is one line: the file, the node, tensor
/// or input in it, what was found there, what would be right.</summary>
/// <param name="source">The file.</param>
/// <param name="found">What was found there, with the node, tensor or input that it was found at.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class OnnxException(string source, string found, string? wanted = null)
    : Exception(MessageLine.Of(source, found, wanted));
