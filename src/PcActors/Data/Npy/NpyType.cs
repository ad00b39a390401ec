using System.Globalization;

namespace PcActors.Data.Npy;

/// <summary>An element type of .npy files.</summary>
public enum NpyType
{
    /// <summary>One byte, 0 or 1: NumPy's b1.</summary>
    Boolean,

    /// <summary>A signed integer of 8 bits: i1.</summary>
    Int8,

    /// <summary>A signed integer of 16 bits: i2.</summary>
    Int16,

    /// <summary>A signed integer of 32 bits: i4.</summary>
    Int32,

    /// <summary>A signed integer of 64 bits: i8.</summary>
    Int64,

    /// <summary>An unsigned integer of 8 bits: u1.</summary>
    UInt8,

    /// <summary>An unsigned integer of 16 bits: u2.</summary>
    UInt16,

    /// <summary>An unsigned integer of 32 bits: u4.</summary>
    UInt32,

    /// <summary>An unsigned integer of 64 bits: u8.</summary>
    UInt64,

    /// <summary>IEEE 754 binary16: f2.</summary>
    Float16,

    /// <summary>IEEE 754 binary32: f4.</summary>
    Float32,

    /// <summary>IEEE 754 binary64: f8.</summary>
    Float64,

    /// <summary>Text of a fixed number of Unicode characters, 4 bytes each: U.</summary>
    Text,

    /// <summary>Text of a fixed number of bytes: S.</summary>
    ByteText,
}

/// <summary>Names and sizes of <see cref="NpyType"/>s.</summary>
internal static class NpyTypes
{
    private static readonly (NpyType Type, string Code, int Size, Type Element)[] All =
    [
        (NpyType.Boolean, "b1", 1, typeof(bool)),
        (NpyType.Int8, "i1", 1, typeof(sbyte)),
        (NpyType.Int16, "i2", 2, typeof(short)),
        (NpyType.Int32, "i4", 4, typeof(int)),
        (NpyType.Int64, "i8", 8, typeof(long)),
        (NpyType.UInt8, "u1", 1, typeof(byte)),
        (NpyType.UInt16, "u2", 2, typeof(ushort)),
        (NpyType.UInt32, "u4", 4, typeof(uint)),
        (NpyType.UInt64, "u8", 8, typeof(ulong)),
        (NpyType.Float16, "f2", 2, typeof(Half)),
        (NpyType.Float32, "f4", 4, typeof(float)),
        (NpyType.Float64, "f8", 8, typeof(double)),
        (NpyType.Text, "U", 4, typeof(string)),
        (NpyType.ByteText, "S", 1, typeof(string)),
    ];

    /// <summary>The codes that are read, for messages.</summary>
    public static string Accepted { get; } = string.Join(", ", All.Select(entry => entry.Code));

    /// <summary>The code without its byte order, such as f4.</summary>
    public static string Code(this NpyType type) => All[(int)type].Code;

    /// <summary>Whether elements are numbers, and no text.</summary>
    public static bool IsNumber(this NpyType type) => type is not (NpyType.Text or NpyType.ByteText);

    /// <summary>Whether elements are floating-point numbers.</summary>
    public static bool IsFloat(this NpyType type) => type is NpyType.Float16 or NpyType.Float32 or NpyType.Float64;

    /// <summary>What NumPy calls it, such as float32.</summary>
    public static string NumPyName(this NpyType type) => type switch
    {
        NpyType.Boolean => "bool",
        NpyType.Text => "str",
        NpyType.ByteText => "bytes",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>Bytes an element; of text, a character.</summary>
    public static int Size(this NpyType type) => All[(int)type].Size;

    /// <summary>The type with a code, or null, and how many of its units are an element: the characters of
    /// text.</summary>
    public static (NpyType Type, int Width)? WithCode(string code)
    {
        if (code is ['U' or 'S', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0)
            return (code[0] == 'U' ? NpyType.Text : NpyType.ByteText, width);
        foreach (var entry in All)
        {
            if (entry.Code == code && entry.Type.IsNumber()) return (entry.Type, 1);
        }
        return null;
    }

    /// <summary>The type whose elements are <typeparamref name="TElement"/>s.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static NpyType Of<TElement>()
    {
        foreach (var entry in All)
        {
            if (entry.Element == typeof(TElement)) return entry.Type;
        }
        throw new NotSupportedException($"{typeof(TElement)} is no element type of .npy files here: {Accepted}");
    }
}
