namespace PcActors.Onnx.Files;

/// <summary>Files that are often taken for a model, by how they begin.</summary>
internal static class ForeignFile
{
    private const string Export = "a model is exported from PyTorch by torch.onnx.export";

    private static readonly (byte[] Begin, string What, string? Wanted)[] Known =
    [
        ("version https://git-lfs"u8.ToArray(), "it is a Git LFS pointer", "'git lfs pull' fetches the file itself"),
        ("<!"u8.ToArray(), "it is a web page", "the download went wrong"),
        ("<html"u8.ToArray(), "it is a web page", "the download went wrong"),
        ([0x50, 0x4B, 3, 4], "it is a zip archive, as PyTorch's own files are", Export),
        ([0x80, 2], "it is a Python pickle, as PyTorch's older files are", Export),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "it is a .npy file", null),
        ([0x1F, 0x8B], "it is a gzip file", "it is to be decompressed first"),
        ([0x89, 0x48, 0x44, 0x46], "it is an HDF5 file, as Keras writes", "tf2onnx makes a model of one"),
    ];

    /// <summary>What bytes are that are no model, and what to do; nulls where they begin like nothing that is
    /// known.</summary>
    public static (string? What, string? Wanted) Of(ReadOnlySpan<byte> bytes)
    {
        foreach (var (begin, what, wanted) in Known)
        {
            if (bytes.StartsWith(begin)) return (what, wanted);
        }
        return (null, null);
    }
}
