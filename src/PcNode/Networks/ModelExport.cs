using PcActors.Data;
using PcActors.Files;
using PcActors.Weights;
using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>What goes with exported parameters.</summary>
/// <param name="Metadata">What was done to them, by key.</param>
/// <param name="Standardization">What is done to features; null for nothing.</param>
/// <param name="Inputs">The inputs that take features.</param>
/// <param name="PredictsFeatures">Whether the output is to be like features.</param>
internal sealed record ExportNotes(IReadOnlyDictionary<string, string> Metadata,
    Standardization? Standardization = null, IReadOnlyList<string>? Inputs = null, bool PredictsFeatures = false)
{
    /// <summary>The key of what was done to features.</summary>
    public const string StandardizationKey = "pcactors.standardization";

    /// <summary>The key of the weights' digest.</summary>
    public const string WeightsKey = "pcactors.weights_sha256";

    /// <summary>Its value where nothing was.</summary>
    public const string Nothing = "none";

    /// <summary>The key of the classes' names.</summary>
    public const string ClassNamesKey = WeightNotes.ClassNamesKey;
}

/// <summary>The forms in which a network is exported, by the file's extension.</summary>
internal static class ModelExport
{
    public const string Option = "--export";

    /// <summary>What help calls the file.</summary>
    public const string ValueName = "OUT.onnx|.safetensors|.npz";

    /// <summary>What results call a file: of the whole network, or of its parameters alone.</summary>
    public static string NameOf(string? path) =>
        path is not null && WeightFile.IsNamedBy(path) ? "file of weights" : "model file";

    /// <summary>What people are told of a file: also what it has besides the weights that were hashed.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="standardization">What is done to features; null for nothing.</param>
    public static string? Words(string? path, Standardization? standardization) =>
        path is not null && standardization is not null && ValueTypes.IsModelFile(path)
            ? $"{path}, which standardises features itself" : path;

    /// <summary>Refuses a file of none of the forms.</summary>
    /// <exception cref="UsageException">It is refused.</exception>
    public static void RequireForm(string path)
    {
        // A device or a pipe has no say in it.
        if (ValueTypes.IsModelFile(path) || WeightFile.IsNamedBy(path) || OutputFile.IsSpecial(path)) return;
        var extension = Path.GetExtension(path);
        throw new UsageException(
            $"{Option}: '{path}' "
            + (extension.Length == 0 ? "has no extension" : $"has the extension '{extension}'")
            + ", by which the form is told; known are .onnx (the whole network), "
            + $"{string.Join(" and ", WeightFile.Extensions)} (its parameters alone)");
    }
}
