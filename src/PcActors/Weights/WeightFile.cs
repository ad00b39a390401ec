using System.Numerics;
using PcActors.Data;
using PcActors.Files;
using PcActors.Learning;

namespace PcActors.Weights;

/// <summary>Files that hold a network's parameters by name, and nothing of its graph: safetensors
/// (github.com/huggingface/safetensors) and NumPy's .npz.</summary>
public static class WeightFile
{
    /// <summary>The extensions, with their dots.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [SafeTensorsWeights.Extension, NpzWeights.Extension];

    /// <summary>Whether a path has one of the extensions.</summary>
    public static bool IsNamedBy(string path) => Extensions.Any(e => Is(path, e));

    /// <summary>Writes parameters, whole or not at all, in the form that the extension names.</summary>
    /// <param name="path">The file: *.safetensors or *.npz.</param>
    /// <param name="parameters">The parameters, no two of one name.</param>
    /// <param name="standardization">What is done to features before the network takes them; null for nothing. It goes
    /// with the parameters.</param>
    /// <param name="metadata">Further texts, which a safetensors file keeps, and of which an .npz file keeps the
    /// classes' names alone; null for none.</param>
    /// <exception cref="DataException">The extension is none of these, or the file cannot be written.</exception>
    public static void Save<T>(string path, IReadOnlyList<NamedTensor<T>> parameters,
        Standardization? standardization = null, IReadOnlyDictionary<string, string>? metadata = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Action<Stream> write = Is(path, SafeTensorsWeights.Extension)
            ? stream => SafeTensorsWeights.Write(stream, parameters, standardization, metadata)
            : Is(path, NpzWeights.Extension) ? stream => NpzWeights.Write(stream, parameters, standardization, metadata)
            : throw Unknown(path);
        try
        {
            using var file = new OutputFile(path);
            write(file.Stream);
            file.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"it cannot be written: {e.Message}");
        }
    }

    /// <summary>Reads parameters.</summary>
    /// <param name="path">The file: *.safetensors or *.npz. No more is allocated than the file can hold.</param>
    /// <exception cref="DataException">It is none of these, is missing or damaged, or holds what are no
    /// floats.</exception>
    public static StoredWeights<T> Load<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Is(path, SafeTensorsWeights.Extension) ? SafeTensorsWeights.Read<T>(path)
        : Is(path, NpzWeights.Extension) ? NpzWeights.Read<T>(path)
        : throw Unknown(path);

    /// <summary>What a file says besides its parameters, which are not read.</summary>
    /// <exception cref="DataException">It is no file of weights, is missing or damaged.</exception>
    internal static WeightNotes LoadNotes(string path) =>
        Is(path, SafeTensorsWeights.Extension) ? SafeTensorsWeights.ReadNotes(path)
        : Is(path, NpzWeights.Extension) ? NpzWeights.ReadNotes(path)
        : throw Unknown(path);

    private static DataException Unknown(string path) => new(path, "this is no file of weights",
        $"its name ends in {string.Join(" or ", Extensions)}");

    private static bool Is(string path, string extension) =>
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
