using System.Numerics;
using System.Runtime.InteropServices;

namespace PcActors.Onnx.Files;

/// <summary>Elements between their form in a file, which is little-endian as the machine must be, and
/// floating-point numbers.</summary>
internal static class ElementCodec
{
    /// <summary>Integers up to this magnitude are doubles, every one of them.</summary>
    public const double LargestExact = 1L << 53;

    /// <summary>Reads elements as <typeparamref name="T"/>, floats rounded to the nearest.</summary>
    /// <returns>-1, or the place of the first element that is too large for
    /// <typeparamref name="T"/>: a finite float that would become infinite, or an integer
    /// that would be rounded.</returns>
    /// <remarks>The largest and the smallest int64 mean "to the end" in slices; they become
    /// 2^63 and -2^63, which no other integer that is read does.</remarks>
    public static int Decode<T>(OnnxElementType type, ReadOnlySpan<byte> bytes, Span<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            OnnxElementType.Float => Floats<float, T>(bytes, elements),
            OnnxElementType.Double => Floats<double, T>(bytes, elements),
            OnnxElementType.Float16 => Floats<Half, T>(bytes, elements),
            OnnxElementType.BFloat16 => BFloats(bytes, elements),
            OnnxElementType.Bool => Bools(bytes, elements),
            OnnxElementType.Int8 => Integers<sbyte, T>(bytes, elements),
            OnnxElementType.Int16 => Integers<short, T>(bytes, elements),
            OnnxElementType.Int32 => Integers<int, T>(bytes, elements),
            OnnxElementType.Int64 => Integers<long, T>(bytes, elements),
            OnnxElementType.UInt8 => Integers<byte, T>(bytes, elements),
            OnnxElementType.UInt16 => Integers<ushort, T>(bytes, elements),
            OnnxElementType.UInt32 => Integers<uint, T>(bytes, elements),
            _ when type.Bits() <= 8 => PackedElements.Decode(type, bytes, elements),
            _ => Integers<ulong, T>(bytes, elements),
        };

    /// <summary>The bytes of elements in a type, little-endian, floats rounded to the nearest.</summary>
    public static byte[] Encode<T>(OnnxElementType type, ReadOnlySpan<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            OnnxElementType.Float => Write<float, T>(elements, float.CreateTruncating),
            OnnxElementType.Double => Write<double, T>(elements, double.CreateTruncating),
            OnnxElementType.Float16 => Write<Half, T>(elements, Half.CreateTruncating),
            OnnxElementType.BFloat16 => Write<ushort, T>(elements, e => BFloat16.FromSingle(float.CreateTruncating(e))),
            OnnxElementType.Bool => Write<byte, T>(elements, e => e == T.Zero ? (byte)0 : (byte)1),
            OnnxElementType.Int8 => Write<sbyte, T>(elements, sbyte.CreateSaturating),
            OnnxElementType.Int16 => Write<short, T>(elements, short.CreateSaturating),
            OnnxElementType.Int32 => Write<int, T>(elements, int.CreateSaturating),
            OnnxElementType.Int64 => Write<long, T>(elements, long.CreateSaturating),
            OnnxElementType.UInt8 => Write<byte, T>(elements, byte.CreateSaturating),
            OnnxElementType.UInt16 => Write<ushort, T>(elements, ushort.CreateSaturating),
            OnnxElementType.UInt32 => Write<uint, T>(elements, uint.CreateSaturating),
            _ when type.Bits() <= 8 => PackedElements.Encode(type, elements),
            _ => Write<ulong, T>(elements, ulong.CreateSaturating),
        };

    private static int Floats<TElement, T>(ReadOnlySpan<byte> bytes, Span<T> elements)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(TElement) == typeof(T))
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(elements));
            return -1;
        }
        var wrong = -1;
        for (var i = 0; i < elements.Length; i++)
        {
            var element = Element<TElement>(bytes, i);
            elements[i] = T.CreateTruncating(element);
            if (wrong < 0 && T.IsInfinity(elements[i]) && !TElement.IsInfinity(element)) wrong = i;
        }
        return wrong;
    }

    private static int BFloats<T>(ReadOnlySpan<byte> bytes, Span<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < elements.Length; i++)
            elements[i] = T.CreateTruncating(BFloat16.ToSingle(Element<ushort>(bytes, i)));
        return -1;
    }

    private static int Bools<T>(ReadOnlySpan<byte> bytes, Span<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < elements.Length; i++) elements[i] = bytes[i] == 0 ? T.Zero : T.One;
        return -1;
    }

    private static int Integers<TElement, T>(ReadOnlySpan<byte> bytes, Span<T> elements)
        where TElement : unmanaged, IBinaryInteger<TElement>, IMinMaxValue<TElement>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wrong = -1;
        for (var i = 0; i < elements.Length; i++)
        {
            var element = Element<TElement>(bytes, i);
            elements[i] = T.CreateTruncating(element);
            // The ends of int64, and exporters' -(2^63 - 1), stand for "to the end" of an axis; they round to the end.
            var endless = typeof(TElement) == typeof(long)
                && (element == TElement.MaxValue || element <= TElement.MinValue + TElement.One);
            var exact = endless
                || (Math.Abs(double.CreateTruncating(element)) <= LargestExact
                    && TElement.CreateTruncating(elements[i]) == element);
            if (wrong < 0 && !exact) wrong = i;
        }
        return wrong;
    }

    private static TElement Element<TElement>(ReadOnlySpan<byte> bytes, int index)
        where TElement : unmanaged => MemoryMarshal.Cast<byte, TElement>(bytes)[index];

    private static byte[] Write<TElement, T>(ReadOnlySpan<T> elements, Func<T, TElement> convert)
        where TElement : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(TElement) == typeof(T)) return MemoryMarshal.AsBytes(elements).ToArray();
        var converted = new TElement[elements.Length];
        for (var i = 0; i < converted.Length; i++) converted[i] = convert(elements[i]);
        return MemoryMarshal.AsBytes<TElement>(converted).ToArray();
    }
}

/// <summary>bfloat16: the upper 16 bits of a single.</summary>
internal static class BFloat16
{
    private const int Shift = 16;

    /// <summary>Exact.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << Shift);

    /// <summary>Rounded to the nearest, ties to even; a NaN stays one.</summary>
    public static ushort FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> Shift) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> Shift) & 1)) >> Shift);
    }
}
