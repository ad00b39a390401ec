using System.Globalization;
using System.Text.Json;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>A network of a script in bench/peers: what tells it from another one of the same name.</summary>
/// <param name="Network">What the script calls it.</param>
/// <param name="Parameters">Numbers that learn.</param>
/// <param name="Batch">The shape of what it takes.</param>
internal sealed record PeerNetwork(string Network, long Parameters, int[] Batch)
{
    /// <summary>Reads what the script printed.</summary>
    public static PeerNetwork Parse(string json) =>
        JsonSerializer.Deserialize<PeerNetwork>(json, JsonSerializerOptions.Web)!;

    /// <summary>Why the times of a model file's network would not be those of the same thing.</summary>
    /// <param name="parameters">How many numbers of the file learn.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <returns>A sentence; null where they would be.</returns>
    public string? Difference(long parameters, IReadOnlyList<Shape> inputs)
    {
        if (parameters != Parameters)
            return string.Create(CultureInfo.InvariantCulture,
                $"{parameters:#,0} parameters of the file learn, and {Parameters:#,0} of PyTorch's '{Network}'");
        return inputs is [var input] && input.Dimensions.SequenceEqual(Batch) ? null
            : $"the file takes {string.Join(" and ", inputs)}, PyTorch's '{Network}' {new Shape(Batch)}";
    }
}
