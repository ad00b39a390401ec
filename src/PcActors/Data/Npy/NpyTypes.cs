namespace PcActors.Data.Npy;

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
    ];

    /// <summary>The codes that are read, for messages.</summary>
    public static string Accepted { get; } = string.Join(", ", All.Select(entry => entry.Code));

    /// <summary>The code without its byte order, such as f4.</summary>
    public static string Code(this NpyType type) => All[(int)type].Code;

    /// <summary>Bytes an element.</summary>
    public static int Size(this NpyType type) => All[(int)type].Size;

    /// <summary>The type with a code, or null.</summary>
    public static NpyType? WithCode(string code)
    {
        foreach (var entry in All)
        {
            if (entry.Code == code) return entry.Type;
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
