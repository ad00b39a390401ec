using System.Text.Json;

namespace PcActors.Data;

/// <summary>Which array of a data set each vertex gets in training: those that a batch has data for, and the root.
/// What gets none is free. Arrays are features, labels, zeros, and those that the data set has by name.</summary>
/// <remarks>A classifier is fed features at its leaf and labels at its root; a generative network labels at its leaf
/// and features at its root; a memory nothing at its free leaf, and features at its root.</remarks>
public sealed record Feed
{
    /// <summary>The samples themselves.</summary>
    public const string Features = "features";

    /// <summary>The samples' classes: one-hot, or as numbers where one number a sample is taken. Of data without
    /// classes the numbers that should be predicted.</summary>
    public const string Labels = "labels";

    /// <summary>Zeros, of any shape.</summary>
    public const string Zeros = "zeros";

    /// <summary>Features to the only data leaf, labels to the root.</summary>
    public static Feed Default { get; } = new();

    /// <summary>The names of arrays that there are in any data set.</summary>
    public static IReadOnlyList<string> Arrays { get; } = [Features, Labels, Zeros];

    /// <summary>The array of each data leaf, and of each other vertex that training clamps, by their names. A data leaf
    /// that is the only one and not among them gets the features; of several, one gets the array of its own
    /// name.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>The root's array.</summary>
    public string Target { get; init; } = Labels;

    /// <summary>A vertex that is fed labels and whose accuracy is measured: on the test set it is free, everything else
    /// is clamped, and the largest element that it settles at counts. Null for the accuracy of the prediction where the
    /// root is fed labels, and for a loss where it is not.</summary>
    public string? Classify { get; init; }

    /// <summary>The array that a data leaf gets: the one that is said, or the features where it is the only leaf, or
    /// else the one of its own name.</summary>
    /// <param name="leaf">Its name.</param>
    /// <param name="leaves">How many there are.</param>
    internal string ArrayOf(string leaf, int leaves) =>
        Inputs.GetValueOrDefault(leaf, leaves == 1 ? Features : leaf);

    /// <summary>Whether it is what every classifier is fed.</summary>
    public bool IsDefault => Inputs.Count == 0 && Target == Labels && Classify is null;

    /// <summary>A text that is another one for another feed; null for the default.</summary>
    public string? Text => IsDefault ? null : JsonSerializer.Serialize(new
    {
        Inputs = Inputs.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => new[] { i.Key, i.Value }),
        Target,
    });
}
