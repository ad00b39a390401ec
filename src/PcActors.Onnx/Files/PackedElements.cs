using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Onnx.Files;

/// <summary>Elements of 2, 4 or 8 bits, of which those that share a byte begin with its lowest bits.</summary>
internal static class PackedElements
{
    /// <summary>Reads elements; each of them fits.</summary>
    public static int Decode<T>(OnnxElementType type, ReadOnlySpan<byte> bytes, Span<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (bits, narrow) = (type.Bits(), type.Narrow());
        var (inOne, least) = (8 / bits, narrow is null ? type.Range().Least : 0);
        for (var i = 0; i < elements.Length; i++)
        {
            var code = (bytes[i / inOne] >> (i % inOne * bits)) & ((1 << bits) - 1);
            // Two's complement: the upper half of the codes are negative.
            var number = narrow?[code] ?? (least < 0 && code >= -least ? code + (2 * least) : code);
            elements[i] = Precision.Narrow<T>(number);
        }
        return -1;
    }

    /// <summary>The bytes of elements, which are rounded and cut off at the type's ends.</summary>
    public static byte[] Encode<T>(OnnxElementType type, ReadOnlySpan<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (bits, narrow) = (type.Bits(), type.Narrow());
        var inOne = 8 / bits;
        var bytes = new byte[type.Bytes(elements.Length)];
        for (var i = 0; i < elements.Length; i++)
        {
            var number = Precision.Widen(elements[i]);
            var code = narrow?.Encode(number) ?? Whole(type, number);
            bytes[i / inOne] |= (byte)((code & ((1 << bits) - 1)) << (i % inOne * bits));
        }
        return bytes;
    }

    private static int Whole(OnnxElementType type, double number)
    {
        var (least, most) = type.Range();
        return (int)Math.Clamp(number, least, most);
    }
}
