using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using PcActors.Tensors;

namespace PcActors.Cluster.Wire;

/// <summary>Tensors as raw little-endian blocks.</summary>
internal static class TensorWire
{
    /// <summary>A copy of a tensor for the wire: its owner may write to it again.</summary>
    public static Schema.Tensor Write<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bytes = MemoryMarshal.AsBytes(tensor.Span).ToArray();
        Swap<T>(bytes);
        var written = new Schema.Tensor { ElementBytes = Unsafe.SizeOf<T>(), Elements = UnsafeByteOperations.UnsafeWrap(bytes) };
        Write(tensor.Shape, written.Dimensions);
        return written;
    }

    /// <summary>A tensor from the wire. Lengths are checked before anything is allocated.</summary>
    /// <exception cref="WireException">It is missing, of another element type, or its bytes do not fill its shape.</exception>
    public static Tensor<T> Read<T>(Schema.Tensor? written)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (written is null) throw new WireException("a tensor is missing");
        var size = Unsafe.SizeOf<T>();
        if (written.ElementBytes != size) throw new WireException($"a tensor has elements of {written.ElementBytes} bytes; {size} are wanted");
        var shape = Read(written.Dimensions);
        if ((long)shape.Length * size != written.Elements.Length)
            throw new WireException($"{written.Elements.Length} bytes do not fill the shape {shape} with elements of {size} bytes");
        var tensor = new Tensor<T>(shape);
        var bytes = MemoryMarshal.AsBytes(tensor.Writable);
        written.Elements.Span.CopyTo(bytes);
        Swap<T>(bytes);
        return tensor;
    }

    /// <summary>Writes a shape.</summary>
    public static void Write(Shape shape, RepeatedField<int> dimensions)
    {
        foreach (var extent in shape.Dimensions) dimensions.Add(extent);
    }

    /// <summary>A shape from the wire.</summary>
    /// <exception cref="WireException">It is none.</exception>
    public static Shape Read(RepeatedField<int> dimensions)
    {
        try
        {
            return new Shape([.. dimensions]);
        }
        catch (ShapeException e)
        {
            throw new WireException(e.Message, e);
        }
    }

    private static void Swap<T>(Span<byte> bytes)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian) return;
        for (var i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>()) bytes.Slice(i, Unsafe.SizeOf<T>()).Reverse();
    }
}
