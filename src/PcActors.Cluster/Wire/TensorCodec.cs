using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>Tensors: the size of an element, the shape, and the elements as one little-endian block.</summary>
internal static class TensorCodec
{
    private const int UsualRank = 8;

    /// <summary>The codec of tensors of an element type.</summary>
    public static Codec<Tensor<T>> Of<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Write, Read<T>);

    public static void Write(ref WireWriter writer, Shape shape)
    {
        writer.Unsigned((uint)shape.Rank);
        foreach (var extent in shape.Dimensions) writer.Signed(extent);
    }

    /// <exception cref="ShapeException">There is no such shape.</exception>
    public static Shape ReadShape(ref WireReader reader)
    {
        var rank = reader.Count();
        Span<int> dimensions = rank <= UsualRank ? stackalloc int[UsualRank] : new int[rank];
        for (var axis = 0; axis < rank; axis++) dimensions[axis] = reader.Integer();
        return new Shape(dimensions[..rank]);
    }

    private static void Write<T>(ref WireWriter writer, Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Byte((byte)Unsafe.SizeOf<T>());
        Write(ref writer, tensor.Shape);
        var bytes = MemoryMarshal.AsBytes(tensor.Span);
        writer.Raw(BitConverter.IsLittleEndian ? bytes : Swapped<T>(bytes.ToArray()));
    }

    // Lengths are checked before anything is allocated.
    private static Tensor<T> Read<T>(ref WireReader reader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = Unsafe.SizeOf<T>();
        if (reader.Byte() is var other && other != size)
            throw new WireException($"a tensor has elements of {other} bytes; {size} are wanted");
        var shape = ReadShape(ref reader);
        if ((long)shape.Length * size > reader.Left)
            throw new WireException($"{reader.Left} bytes do not fill the shape {shape} with elements of {size} bytes");
        var elements = reader.Raw(shape.Length * size).Span;
        var tensor = new Tensor<T>(shape);
        var bytes = MemoryMarshal.AsBytes(tensor.Writable);
        elements.CopyTo(bytes);
        if (!BitConverter.IsLittleEndian) Swapped<T>(bytes);
        return tensor;
    }

    private static Span<byte> Swapped<T>(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>()) bytes.Slice(i, Unsafe.SizeOf<T>()).Reverse();
        return bytes;
    }
}
