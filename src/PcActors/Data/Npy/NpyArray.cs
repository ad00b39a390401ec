using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>An array read from a .npy file, whatever its element type: row-major, in the machine's
/// byte order. Immutable.</summary>
public sealed class NpyArray
{
    private readonly byte[] _bytes;

    internal NpyArray(string source, Shape shape, NpyType type, byte[] bytes) =>
        (Source, Shape, Type, _bytes) = (source, shape, type, bytes);

    /// <summary>What messages call it: the file, and the array's name in an .npz.</summary>
    public string Source { get; }

    /// <summary>The extents; <c>[]</c> is a scalar.</summary>
    public Shape Shape { get; }

    /// <summary>The element type that the file has.</summary>
    public NpyType Type { get; }

    /// <summary>Characters an element of text has; 1 of numbers.</summary>
    internal int Width { get; init; } = 1;

    /// <summary>The elements as the file has them.</summary>
    /// <typeparam name="TElement">The type that <see cref="Type"/> names, such as
    /// <see cref="long"/> for i8.</typeparam>
    /// <exception cref="InvalidOperationException">It is another one.</exception>
    public ReadOnlySpan<TElement> Elements<TElement>()
        where TElement : unmanaged => NpyTypes.Of<TElement>() == Type
        ? MemoryMarshal.Cast<byte, TElement>(_bytes)
        : throw new InvalidOperationException(
            $"{Source}: elements are {Type.Code()}, not {NpyTypes.Of<TElement>().Code()}");

    /// <summary>The elements as floating-point numbers, each rounded to the nearest one;
    /// false is 0 and true 1.</summary>
    /// <exception cref="DataException">A finite element is too large for <typeparamref name="T"/>, or the elements are
    /// text.</exception>
    public Tensor<T> ToTensor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = new Tensor<T>(Shape);
        switch (Type)
        {
            case NpyType.Boolean or NpyType.UInt8: Round<byte, T>(tensor); break;
            case NpyType.Int8: Round<sbyte, T>(tensor); break;
            case NpyType.Int16: Round<short, T>(tensor); break;
            case NpyType.Int32: Round<int, T>(tensor); break;
            case NpyType.Int64: Round<long, T>(tensor); break;
            case NpyType.UInt16: Round<ushort, T>(tensor); break;
            case NpyType.UInt32: Round<uint, T>(tensor); break;
            case NpyType.UInt64: Round<ulong, T>(tensor); break;
            case NpyType.Float16: Round<Half, T>(tensor); break;
            case NpyType.Float32: Round<float, T>(tensor); break;
            case NpyType.Float64: Round<double, T>(tensor); break;
            default:
                throw new DataException(Source, $"its elements have the type '{Type.Code()}{Width}', text",
                    "numbers are needed");
        }
        return tensor;
    }

    /// <summary>The elements as integers, row-major: indices, labels, conditions.</summary>
    /// <exception cref="DataException">The elements are floating-point numbers, or one exceeds 2^63 - 1.</exception>
    public long[] ToIntegers() => Type switch
    {
        NpyType.Boolean or NpyType.UInt8 => Widen<byte>(),
        NpyType.Int8 => Widen<sbyte>(),
        NpyType.Int16 => Widen<short>(),
        NpyType.Int32 => Widen<int>(),
        NpyType.Int64 => Widen<long>(),
        NpyType.UInt16 => Widen<ushort>(),
        NpyType.UInt32 => Widen<uint>(),
        NpyType.UInt64 => Widen<ulong>(),
        _ => throw new DataException(Source, $"its elements have the type '{Type.Code()}'", "integers are needed"),
    };

    /// <summary>The elements as texts, without the zeros that fill them up.</summary>
    /// <exception cref="DataException">They are numbers, or no characters.</exception>
    public string[] ToStrings()
    {
        if (Type.IsNumber())
            throw new DataException(Source, $"its elements have the type '{Type.Code()}'", "texts are needed");
        var texts = new string[Shape.Length];
        var size = Type.Size() * Width;
        for (var i = 0; i < texts.Length; i++)
        {
            var bytes = _bytes.AsSpan(i * size, size);
            texts[i] = (Type == NpyType.Text ? OfRunes(MemoryMarshal.Cast<byte, int>(bytes), i)
                : Encoding.UTF8.GetString(bytes)).TrimEnd('\0');
        }
        return texts;
    }

    /// <summary>An element by its indices, in words; where there is one axis or rows are single numbers, by its
    /// number.</summary>
    internal string ElementWords(int element)
    {
        if (Shape.Rank < 2 || Shape.Length == Shape[0]) return FormattableString.Invariant($"element {element}");
        var indices = new int[Shape.Rank];
        for (var axis = Shape.Rank - 1; axis >= 0; axis--)
            (element, indices[axis]) = Math.DivRem(element, Shape[axis]);
        return $"element [{string.Join(", ", indices)}]";
    }

    private string OfRunes(ReadOnlySpan<int> runes, int element)
    {
        var text = new StringBuilder(runes.Length);
        foreach (var rune in runes)
        {
            if (!Rune.IsValid(rune))
                throw new DataException(Source, $"{ElementWords(element)} has no characters",
                    "text is of Unicode characters");
            text.Append(new Rune(rune).ToString());
        }
        return text.ToString();
    }

    private void Round<TElement, T>(Tensor<T> tensor)
        where TElement : unmanaged, INumberBase<TElement>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var from = MemoryMarshal.Cast<byte, TElement>(_bytes);
        var to = tensor.Writable;
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
            if (T.IsInfinity(to[i]) && !TElement.IsInfinity(from[i]))
                throw new DataException(Source, FormattableString.Invariant($"{ElementWords(i)} is {from[i]}"),
                    $"it is too large for {typeof(T).Name}");
        }
    }

    private long[] Widen<TElement>()
        where TElement : unmanaged, INumberBase<TElement>
    {
        var from = MemoryMarshal.Cast<byte, TElement>(_bytes);
        var to = new long[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = long.CreateSaturating(from[i]);
            if (TElement.CreateTruncating(to[i]) != from[i])
                throw new DataException(Source, FormattableString.Invariant($"{ElementWords(i)} is {from[i]}"),
                    "integers up to 2^63 - 1 are read");
        }
        return to;
    }
}
