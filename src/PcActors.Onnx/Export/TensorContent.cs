using System.Numerics;
using Google.Protobuf;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>The elements of a tensor that is to be written, apart from it until it is known where they go.</summary>
/// <param name="Tensor">The tensor; its elements are taken out.</param>
/// <param name="Length">Their number of bytes.</param>
/// <param name="Bytes">Them, in the form of raw_data.</param>
internal sealed record TensorContent(TensorProto Tensor, long Length, Func<byte[]> Bytes)
{
    /// <summary>The elements of a tensor in its own type.</summary>
    public static TensorContent Of<T>(TensorProto tensor, Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var type = (OnnxElementType)tensor.DataType;
        return new TensorContent(Emptied(tensor), (long)values.Length * type.Size(), () => ElementCodec.Encode(type, values.Span));
    }

    /// <summary>The elements of a tensor that are in an external file.</summary>
    public static TensorContent Of(TensorProto tensor, StoredTensor stored) =>
        new(Emptied(tensor), (long)stored.Shape.Length * stored.Type.Size(), () => stored.Bytes().ToArray());

    /// <summary>Puts the elements into the tensor.</summary>
    public void Inline() => Tensor.RawData = UnsafeByteOperations.UnsafeWrap(Bytes());

    private static TensorProto Emptied(TensorProto tensor)
    {
        tensor.FloatData.Clear();
        tensor.DoubleData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.Uint64Data.Clear();
        tensor.ExternalData.Clear();
        tensor.ClearRawData();
        tensor.ClearDataLocation();
        return tensor;
    }
}
