using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using PcActors.Files;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>Writes a model and its tensors, all or nothing.</summary>
internal static class ModelWriter
{
    private const int Alignment = 4096;
    private const int SmallestExternal = 1024;
    private const int Overhead = 16;

    /// <summary>Writes the model.</summary>
    /// <param name="model">The model, without the elements of some tensors.</param>
    /// <param name="contents">These.</param>
    /// <param name="path">The file.</param>
    /// <param name="largestModel">Bytes from which on large tensors go into a file of their own.</param>
    /// <exception cref="OnnxException">A file cannot be written.</exception>
    public static void Write(ModelProto model, IReadOnlyList<TensorContent> contents, string path, long largestModel)
    {
        string? placed = null;
        try
        {
            if (Directory.Exists(path)) throw new IOException("it is a folder");
            var isLarge = model.CalculateSize() + contents.Sum(c => c.Length + Overhead) > largestModel;
            if (isLarge && OutputFile.IsSpecial(path))
                throw new IOException("it is a device or a pipe, and so large a model goes into two files");
            using var data = isLarge ? WriteData(contents, $"{path}.data") : null;
            if (data is null)
            {
                foreach (var content in contents) content.Inline();
            }
            using var file = new OutputFile(path);
            model.WriteTo(file.Stream);
            file.Close();
            // The model is last: it refers to its data, and not the other way round.
            data?.Complete();
            placed = data?.Place;
            file.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (placed is not null) File.Delete(placed);
            throw new OnnxException(path, $"it cannot be written: {e.Message}");
        }
    }

    private static OutputFile WriteData(IReadOnlyList<TensorContent> contents, string path)
    {
        var output = new OutputFile(path);
        try
        {
            var file = output.Stream;
            foreach (var content in contents)
            {
                if (content.Length < SmallestExternal)
                {
                    content.Inline();
                    continue;
                }
                file.SetLength(file.Position = (file.Position + Alignment - 1) / Alignment * Alignment);
                var entries = content.Tensor.ExternalData;
                entries.Add(Entry("location", Path.GetFileName(path)));
                entries.Add(Entry("offset", file.Position.ToString(CultureInfo.InvariantCulture)));
                entries.Add(Entry("length", content.Length.ToString(CultureInfo.InvariantCulture)));
                content.Tensor.DataLocation = TensorProto.Types.DataLocation.External;
                file.Write(content.Bytes());
            }
            output.Close();
            return output;
        }
        catch (Exception)
        {
            output.Dispose();
            throw;
        }
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}

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
        return new TensorContent(Emptied(tensor), type.Bytes(values.Length),
            () => ElementCodec.Encode(type, values.Span));
    }

    /// <summary>The elements of a tensor that are in an external file.</summary>
    public static TensorContent Of(TensorProto tensor, StoredTensor stored) =>
        new(Emptied(tensor), stored.Type.Bytes(stored.Shape.Length), () => stored.Bytes().ToArray());

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
