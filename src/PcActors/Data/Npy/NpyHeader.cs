using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PcActors.Data.Files;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>The header of a .npy file: a Python dictionary with the element type, the order and the shape.</summary>
/// <remarks>Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", and
/// numpy.lib.format.</remarks>
internal sealed partial record NpyHeader(NpyType Type, bool BigEndian, bool FortranOrder, Shape Shape)
{
    /// <summary>Characters an element of text has; 1 of numbers.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Bytes an element.</summary>
    public long ElementSize => (long)Type.Size() * Width;

    private const int Alignment = 64;
    private const int PrefixLength = 10;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header of version 1.0, 2.0 or 3.0.</summary>
    /// <exception cref="DataException">It is not one, or its type is not read here.</exception>
    public static NpyHeader Read(DataInput input)
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        input.Fill(magic, "the magic string");
        if (!magic.SequenceEqual(Magic))
            throw input.Error($"it begins with the bytes {Convert.ToHexString(magic)}",
                $"a .npy file begins with {Convert.ToHexString(Magic)}");
        Span<byte> version = stackalloc byte[2];
        input.Fill(version, "the version");
        if (version[0] is < 1 or > 3 || version[1] != 0)
            throw input.Error($"the format's version is {version[0]}.{version[1]}",
                "versions 1.0, 2.0 and 3.0 are read");
        Span<byte> size = stackalloc byte[4];
        size.Clear();
        input.Fill(version[0] == 1 ? size[..2] : size, "the header's length");
        var text = input.Take(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(size), "header");
        return Parse(input, Encoding.UTF8.GetString(text));
    }

    /// <summary>The bytes of this header in version 1.0, padded as NumPy does so that the elements begin
    /// on a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        var order = Type.Size() == 1 ? '|' : BigEndian ? '>' : '<';
        var extents = string.Join(", ", Shape.Dimensions.ToArray()) + (Shape.Rank == 1 ? "," : "");
        var text =
            $"{{'descr': '{order}{Type.Code()}', 'fortran_order': {(FortranOrder ? "True" : "False")}, 'shape': "
            + $"({extents}), }}";
        var total = (PrefixLength + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var padded = text.PadRight(total - PrefixLength - 1) + "\n";
        return [.. Magic, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8), .. Encoding.ASCII.GetBytes(padded)];
    }

    private static NpyHeader Parse(DataInput input, string text)
    {
        var descr = Descr().Match(text);
        if (!descr.Success)
            throw input.Error("its header gives no simple element type",
                $"elements of the types {NpyTypes.Accepted} are read");
        var (type, width) = NpyTypes.WithCode(descr.Groups["code"].Value)
            ?? throw input.Error($"its elements have the type '{descr.Groups["code"].Value}'",
                descr.Groups["code"].Value == "O"
                    ? $"these are Python objects; save them with a type of their own ({NpyTypes.Accepted}), text with "
                        + "dtype=str"
                    : $"the types {NpyTypes.Accepted} are read");
        var order = FortranOrderEntry().Match(text);
        if (!order.Success) throw input.Error("its header has no fortran_order", "it should be True or False");
        var shape = ShapeEntry().Match(text);
        if (!shape.Success)
            throw input.Error("its header has no shape", "it should be integers of 0 or more in parentheses");
        var bigEndian = descr.Groups["order"].Value switch
        {
            "<" => false,
            ">" => true,
            _ => !BitConverter.IsLittleEndian
        };
        return new NpyHeader(type, bigEndian, order.Groups["value"].Value == "True",
            ParseShape(input, shape.Groups["extents"].Value))
        {
            Width = width,
        };
    }

    private static Shape ParseShape(DataInput input, string extents)
    {
        var dimensions = new List<int>();
        foreach (var extent in extents.Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Python 2 wrote long integers with an L.
            if (!int.TryParse(extent.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var dimension))
                throw input.Error($"its shape is ({extents})", "extents lie in [0, 2^31 - 1]");
            dimensions.Add(dimension);
        }
        if (dimensions.Count > Shape.LargestRank)
            throw input.Error($"its shape has {dimensions.Count} axes", $"at most {Shape.LargestRank} can be read");
        try
        {
            return new Shape([.. dimensions]);
        }
        catch (ShapeException)
        {
            throw input.Error($"its shape is ({extents})", "at most 2^31 - 1 elements can be read");
        }
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"](?<order>[<>|=]?)(?<code>[^'"]*)['"]""", RegexOptions.CultureInvariant)]
    private static partial Regex Descr();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(?<value>True|False)\b""", RegexOptions.CultureInvariant)]
    private static partial Regex FortranOrderEntry();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\((?<extents>[-0-9L,\s]*)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeEntry();
}
