using System.Globalization;

namespace PcActors.Onnx.Files;

/// <summary>What is to be known of element types.</summary>
internal static class ElementTypes
{
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

    /// <summary>Whether elements are floating-point numbers: an error can reach them, and an
    /// initializer of them can learn.</summary>
    public static bool IsFloat(this OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;

    /// <summary>Bytes of one element in raw_data and in external files.</summary>
    public static int Size(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double => 8,
        _ => 4,
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
        _ => Math.Truncate(value),
    };
}
