using PcActors.Checkpoints;

namespace PcNode.Networks;

/// <summary>Folders and files that are given where a network is wanted.</summary>
internal static class MisplacedModel
{
    /// <summary>What a folder or a file is that is no model, and which option takes it; null where there is
    /// none.</summary>
    public static string? WordsOf(string path)
    {
        const string run = "predict and evaluate take it as MODEL, infer and diagnose with --checkpoint DIR, and train "
            + "goes on from it with --checkpoint DIR --resume";
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path)) return null;
        var what = isFolder
            ? Directory.EnumerateFiles(path, $"{CheckpointDirectory.Prefix}*.safetensors").Any()
                ? $"a folder with a run's checkpoints: {run}" : "a folder; a folder of data goes with --data"
            : Path.GetFileName(path).StartsWith(CheckpointDirectory.Prefix, StringComparison.Ordinal)
            ? $"a run's checkpoint by its name, DIR being its folder: {run}"
            : Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".safetensors" => "a file of weights by its name: give it with --weights",
                ".npz" => "a file of data, or of weights, by its name: give it with --data or --weights",
                ".csv" or ".tsv" or ".gz" => "a file of data by its name: give it with --data",
                ".npy" => "an array by its name: step and predict take it with --input",
                _ => "none that is read",
            };
        return $"'{path}' is {what}; here a network's name, a model file, *.onnx, or an experiment file, *.conf, is "
            + "needed";
    }
}
