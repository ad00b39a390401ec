using System.IO.Compression;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcNode.Tests.Harness;

/// <summary>A folder with NumPy's archives.</summary>
internal sealed class NumPyFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A path within.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Writes an archive.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arrays">Name, shape and elements of each array.</param>
    /// <returns>Its path.</returns>
    public string Npz(string name, params (string Name, int[] Shape, Array Elements)[] arrays)
    {
        File.Delete(_folder[name]);
        using var archive = ZipFile.Open(_folder[name], ZipArchiveMode.Create);
        foreach (var (array, extents, elements) in arrays)
        {
            using var entry = archive.CreateEntry($"{array}.npy").Open();
            var shape = new Shape(extents);
            if (elements is float[] floats) NpyFile.Write<float>(entry, shape, floats);
            else if (elements is long[] integers) NpyFile.Write<long>(entry, shape, integers);
            else if (elements is bool[] flags) NpyFile.Write<bool>(entry, shape, flags);
            else if (elements is byte[] bytes) NpyFile.Write<byte>(entry, shape, bytes);
            else throw new ArgumentException($"{elements.GetType()} is not written here", nameof(arrays));
        }
        return _folder[name];
    }

    /// <summary>Writes an array of whole numbers.</summary>
    /// <returns>Its path.</returns>
    public string Npy(string name, int[] extents, long[] elements)
    {
        using var file = File.Create(_folder[name]);
        NpyFile.Write<long>(file, new Shape(extents), elements);
        return _folder[name];
    }

    public void Dispose() => _folder.Dispose();
}
