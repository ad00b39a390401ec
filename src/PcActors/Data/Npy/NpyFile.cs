using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using PcActors.Data.Files;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>NumPy's .npy files: one array of any shape, floating-point, integer or Boolean.</summary>
/// <remarks>
/// Reads versions 1.0 to 3.0, both byte orders, row-major and column-major (Fortran); writes
/// 1.0, little-endian, row-major. At most 2^31 - 57 bytes an array.
/// </remarks>
public static class NpyFile
{
    /// <summary>Reads a file; one whose name ends in .gz is decompressed.</summary>
    /// <exception cref="DataException">It is missing, not a .npy file, cut short, damaged, or of a type
    /// that is not read.</exception>
    public static NpyArray Read(string path) => DataFile.Read(path, Read);

    /// <summary>Reads a file as floating-point numbers (<see cref="NpyArray.ToTensor{T}"/>).</summary>
    /// <exception cref="DataException">As <see cref="Read(string)"/>, or a number is too large for
    /// <typeparamref name="T"/>.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(path).ToTensor<T>();

    /// <summary>Writes a tensor.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write<T>(string path, Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write(path, tensor.Shape, tensor.Span);

    /// <summary>Writes an array.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="shape">The extents.</param>
    /// <param name="elements">The elements, row-major, of a type that <see cref="NpyType"/> names.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write<TElement>(string path, Shape shape, ReadOnlySpan<TElement> elements)
        where TElement : unmanaged
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
            Write(stream, shape, elements);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"it cannot be written: {e.Message}");
        }
    }

    /// <summary>Writes an array to a stream.</summary>
    /// <exception cref="ShapeException">The elements do not fill the shape.</exception>
    public static void Write<TElement>(Stream stream, Shape shape, ReadOnlySpan<TElement> elements)
        where TElement : unmanaged
    {
        if (elements.Length != shape.Length)
            throw new ShapeException(
                $"{elements.Length} elements do not fill the shape {shape}, which takes {shape.Length}");
        var type = NpyTypes.Of<TElement>();
        stream.Write(new NpyHeader(type, BigEndian: false, FortranOrder: false, shape).ToBytes());
        const int Chunk = 1 << 14;
        for (var start = 0; start < elements.Length; start += Chunk)
        {
            var bytes = MemoryMarshal.AsBytes(elements.Slice(start, Math.Min(Chunk, elements.Length - start)));
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(bytes);
                continue;
            }
            var swapped = bytes.ToArray();
            ReverseBytes(swapped, type.Size());
            stream.Write(swapped);
        }
    }

    internal static NpyArray Read(DataInput input)
    {
        var header = NpyHeader.Read(input);
        var length = (Int128)header.Shape.Length * header.ElementSize;
        if (length > long.MaxValue) throw input.Error("its elements have more bytes than can be read");
        var bytes = input.Take((long)length, "elements");
        input.RequireEnd();
        if (header.BigEndian == BitConverter.IsLittleEndian) ReverseBytes(bytes, header.Type.Size());
        if (header.FortranOrder && header.Shape.Rank > 1)
            bytes = ToRowMajor(bytes, header.Shape, (int)header.ElementSize);
        if (header.Type == NpyType.Boolean)
        {
            foreach (ref var value in bytes.AsSpan()) value = value == 0 ? (byte)0 : (byte)1;
        }
        return new NpyArray(input.Name, header.Shape, header.Type, bytes) { Width = header.Width };
    }

    internal static void ReverseBytes(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                var pairs = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(pairs, pairs);
                break;
            case 4:
                var words = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                var doubles = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
        }
    }

    private static byte[] ToRowMajor(byte[] columnMajor, Shape shape, int size)
    {
        var rowMajor = new byte[columnMajor.Length];
        var index = new int[shape.Rank];
        var strides = new int[shape.Rank];
        for (var axis = 0; axis < shape.Rank; axis++) strides[axis] = shape.LengthOf(0, axis);
        var source = 0;
        for (var target = 0; target < shape.Length; target++)
        {
            columnMajor.AsSpan(source * size, size).CopyTo(rowMajor.AsSpan(target * size));
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < shape[axis]) break;
                source -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return rowMajor;
    }
}
