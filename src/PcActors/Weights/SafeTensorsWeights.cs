using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Checkpoints;
using PcActors.Data;
using PcActors.Data.Files;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Weights;

/// <summary>Parameters in the safetensors format, under their own names. What is done to features stands in its
/// metadata.</summary>
internal static class SafeTensorsWeights
{
    public const string Extension = ".safetensors";

    private const string Nothing = "none";
    private const string StandardizationKey = "pcactors.standardization";

    /// <summary>Writes them, in their order.</summary>
    public static void Write<T>(Stream stream, IReadOnlyList<NamedTensor<T>> parameters,
        Standardization? standardization, IReadOnlyDictionary<string, string>? metadata)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // What PyTorch's readers want to know; the layout is the same for all.
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) texts[key] = value;
        texts[StandardizationKey] = standardization?.ToJson() ?? Nothing;
        var tensors = new List<StoredTensor>();
        foreach (var (name, value) in parameters)
        {
            var begin = tensors.Count == 0 ? 0 : tensors[^1].End;
            tensors.Add(new StoredTensor(name, Unsafe.SizeOf<T>() == sizeof(float) ? "F32" : "F64",
                [.. value.Shape.Dimensions], begin, begin + value.Bytes));
        }
        stream.Write(new SafeTensors(texts, tensors).ToBytes());
        foreach (var (_, value) in parameters) stream.Write(Parameters.LittleEndian(value));
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">The file is missing or damaged, or a tensor is none of floats.</exception>
    public static StoredWeights<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DataFile.Guard(path, () =>
    {
        using var stream = DataFile.OpenRaw(path);
        try
        {
            var header = SafeTensors.Read(stream, out _);
            var values = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
            foreach (var tensor in header.Tensors)
            {
                var bytes = new byte[checked((int)(tensor.End - tensor.Begin))];
                stream.ReadExactly(bytes);
                values[tensor.Name] = Decode<T>(path, tensor, bytes);
            }
            var done = header.Metadata.GetValueOrDefault(StandardizationKey);
            return new StoredWeights<T>(path, values, done is null or Nothing ? null : Standardization.Parse(done))
            {
                SaysStandardization = done is not null,
            };
        }
        catch (Exception e) when (e is CheckpointException or FormatException or EndOfStreamException)
        {
            throw new DataException(path, $"it is no sound safetensors file: {e.Message}");
        }
        catch (OverflowException)
        {
            throw new DataException(path, "a tensor has more than 2 GB", "each must have fewer");
        }
    });

    /// <summary>Reads what it says besides them.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static WeightNotes ReadNotes(string path) => DataFile.Guard(path, () =>
    {
        using var stream = DataFile.OpenRaw(path);
        try
        {
            var header = SafeTensors.Read(stream, out _);
            var texts = header.Metadata;
            var output = header.Tensors.FirstOrDefault(t => t.Name == WeightNotes.OutputKey);
            var done = texts.GetValueOrDefault(StandardizationKey);
            return new WeightNotes(done is not null, done is null or Nothing ? null : Standardization.Parse(done),
                WeightNotes.NamesIn(path, texts.GetValueOrDefault(WeightNotes.ClassNamesKey)),
                output?.Dimensions is [var outputs] ? (int)Math.Min(outputs, int.MaxValue) : 0);
        }
        catch (Exception e) when (e is CheckpointException or FormatException or EndOfStreamException)
        {
            throw new DataException(path, $"it is no sound safetensors file: {e.Message}");
        }
    });

    private static Tensor<T> Decode<T>(string path, StoredTensor stored, byte[] bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> tensor;
        try
        {
            tensor = new Tensor<T>(new Shape(Array.ConvertAll(stored.Dimensions, d => checked((int)d))));
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new DataException(path,
                $"'{stored.Name}' has the shape [{string.Join(", ", stored.Dimensions)}]", e.Message);
        }
        var elements = tensor.Writable;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = stored.Type switch
            {
                "F32" => T.CreateChecked(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i))),
                "F64" => T.CreateTruncating(BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i))),
                "F16" => T.CreateChecked(BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(2 * i))),
                "BF16" => T.CreateChecked(BitConverter.UInt32BitsToSingle(
                    (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)) << 16)),
                _ => throw new DataException(path, $"'{stored.Name}' has elements of the type {stored.Type}",
                    "weights are floats: F32, F64, F16 or BF16"),
            };
        }
        return tensor;
    }
}
