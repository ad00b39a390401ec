namespace PcActors.Data.Npy;

/// <summary>A part of a data set, by which arrays' names tell it.</summary>
internal enum DataPart
{
    /// <summary>To train on.</summary>
    Train,

    /// <summary>To validate on.</summary>
    Validation,

    /// <summary>To test on.</summary>
    Test,

    /// <summary>All samples: the name tells no part.</summary>
    Whole,
}

/// <summary>An array's name without its part: x of x_train, images of test-images, X of XTrain.</summary>
/// <param name="Base">What is left; may be empty.</param>
/// <param name="Part">The part.</param>
internal readonly record struct ArrayName(string Base, DataPart Part)
{
    private static readonly (string Word, DataPart Part)[] Words =
    [
        ("training", DataPart.Train), ("train", DataPart.Train), ("validation", DataPart.Validation),
        ("valid", DataPart.Validation), ("val", DataPart.Validation), ("dev", DataPart.Validation),
        ("testing", DataPart.Test), ("test", DataPart.Test),
    ];

    /// <summary>Reads a name.</summary>
    public static ArrayName Of(string name)
    {
        foreach (var (word, part) in Words)
        {
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase)) return new ArrayName("", part);
            if (name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (IsSign(name[word.Length]) || char.IsUpper(name[word.Length])))
                return new ArrayName(name[word.Length..].TrimStart('_', '-', '.', ' '), part);
            if (name.EndsWith(word, StringComparison.OrdinalIgnoreCase)
                && name.Length - word.Length is var at && (IsSign(name[at - 1]) || char.IsUpper(name[at])))
                return new ArrayName(name[..at].TrimEnd('_', '-', '.', ' '), part);
        }
        return new ArrayName(name, DataPart.Whole);
    }

    private static bool IsSign(char sign) => sign is '_' or '-' or '.' or ' ';
}
