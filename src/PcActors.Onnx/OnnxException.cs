namespace PcActors.Onnx;

/// <summary>A model file cannot be used. The message is one line: the file, the node, tensor or input in it, what was found
/// there, what would be right.</summary>
/// <param name="source">The file.</param>
/// <param name="found">What was found there, with the node, tensor or input that it was found at.</param>
/// <param name="wanted">What would be right, if that does not go without saying.</param>
public sealed class OnnxException(string source, string found, string? wanted = null)
    : Exception(OneLine(wanted is null ? $"{source}: {found}" : $"{source}: {found}; {wanted}"))
{
    // Names come from the file and may hold anything; a terminal should not see it.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
}
