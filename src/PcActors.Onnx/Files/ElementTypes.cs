using System.Globalization;
using PcActors.Functions;

namespace PcActors.Onnx.Files;

/// <summary>What is to be known of element types.</summary>
internal static class ElementTypes
{
    // Asked of each element that is rounded: names are made once.
    private static readonly Dictionary<OnnxElementType, NarrowFloat> Narrows = Enum.GetValues<OnnxElementType>()
        .Select(type => (Type: type, Narrow: NarrowFloat.Of(type.Name()))).Where(t => t.Narrow is not null)
        .ToDictionary(t => t.Type, t => t.Narrow!);

    private static readonly string[] Unread = ["undefined", "", "", "", "", "", "", "", "string", "", "", "", "", "",
        "complex64", "complex128"];

    /// <summary>The type of a number in a file.</summary>
    public static bool TryParse(int number, out OnnxElementType type)
    {
        type = (OnnxElementType)number;
        return Enum.IsDefined(type);
    }

    /// <summary>What messages call a type that is not read.</summary>
    public static string NameOfUnread(int number) => number >= 0 && number < Unread.Length && Unread[number].Length > 0
        ? $"the element type {Unread[number]}"
        : string.Create(CultureInfo.InvariantCulture, $"the element type number {number}");

    /// <summary>The types that are read, for messages.</summary>
    public static string Read { get; } = string.Join(", ", Enum.GetValues<OnnxElementType>().Select(Name));

    /// <summary>ONNX's name of the type, as in <c>tensor(int64)</c>.</summary>
    public static string Name(this OnnxElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The type of a name.</summary>
    public static OnnxElementType? Parse(string name) =>
        Enum.GetValues<OnnxElementType>().Where(t => t.Name() == name).Select(t => (OnnxElementType?)t)
            .FirstOrDefault();

    /// <summary>Whether elements are floating-point numbers: an error can reach them.</summary>
    public static bool IsFloat(this OnnxElementType type) =>
        type.CanLearn() || type.Narrow() is not null;

    /// <summary>Whether an initializer of the type can learn: updates are too small for fewer bits.</summary>
    public static bool CanLearn(this OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;

    /// <summary>The numbers of a floating-point type of 8 bits or fewer; null for other types.</summary>
    public static NarrowFloat? Narrow(this OnnxElementType type) => Narrows.GetValueOrDefault(type);

    /// <summary>Bits of one element in raw_data and in external files.</summary>
    public static int Bits(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt2 or OnnxElementType.Int2 => 2,
        OnnxElementType.UInt4 or OnnxElementType.Int4 or OnnxElementType.Float4E2M1 => 4,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 16,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double => 64,
        OnnxElementType.Int32 or OnnxElementType.UInt32 or OnnxElementType.Float => 32,
        _ => 8,
    };

    /// <summary>Bytes of elements in raw_data and in external files, where several may share one.</summary>
    public static long Bytes(this OnnxElementType type, long count) => ((count * type.Bits()) + 7) / 8;

    /// <summary>Whether the type is one of whole numbers without a sign.</summary>
    public static bool IsUnsigned(this OnnxElementType type) => type is OnnxElementType.UInt2 or OnnxElementType.UInt4
        or OnnxElementType.UInt8 or OnnxElementType.UInt16 or OnnxElementType.UInt32 or OnnxElementType.UInt64;

    /// <summary>The least and the most that whole numbers of the type can be.</summary>
    public static (double Least, double Most) Range(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt2 or OnnxElementType.UInt4 => (0, (1 << type.Bits()) - 1),
        OnnxElementType.Int2 or OnnxElementType.Int4 =>
            (-(1 << (type.Bits() - 1)), (1 << (type.Bits() - 1)) - 1),
        OnnxElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        OnnxElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        OnnxElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        OnnxElementType.Int16 => (short.MinValue, short.MaxValue),
        OnnxElementType.UInt32 => (uint.MinValue, uint.MaxValue),
        _ => (int.MinValue, int.MaxValue),
    };

    /// <summary>A value of the type nearest to a computed one; integers lose their fraction,
    /// as in a C conversion.</summary>
    public static double Round(this OnnxElementType type, double value) => type switch
    {
        OnnxElementType.Float => (float)value,
        OnnxElementType.Float16 => (double)(Half)value,
        OnnxElementType.BFloat16 => BFloat16.ToSingle(BFloat16.FromSingle((float)value)),
        OnnxElementType.Double => value,
        OnnxElementType.Bool => value == 0 ? 0 : 1,
        _ => type.Narrow()?.Round(value, saturates: true) ?? Math.Truncate(value),
    };
}
