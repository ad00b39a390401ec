using System.Numerics;
using PcActors.Data.Files;

namespace PcActors.Data.Digits;

/// <summary>The data set that is always there: 1,797 handwritten digits of 8 x 8 pixels, of
/// which 300 are held out.</summary>
/// <remarks>E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
/// Repository, 1998, CC BY 4.0.</remarks>
internal static class EmbeddedDigits
{
    /// <summary>The name of the data set, and what the option that chooses one calls it.</summary>
    public const string Name = "digits";

    private const string Resource = "digits.csv.gz";
    private const int LargestPixel = 16;

    /// <summary>1,497 samples to train on and 300 to test on (<see cref="HoldOut"/>), of shape [64],
    /// row-major, in [0, 1].</summary>
    public static DataSplit<T> Load<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = typeof(EmbeddedDigits).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing from the assembly");
        using var input = DataFile.Decompress(Name, stream);
        var (features, labels) = CsvFile.Read<T>(input);
        foreach (ref var pixel in features.Writable) pixel /= T.CreateTruncating(LargestPixel);
        return new LabelledArrays<T>(Name, new LabelledPart<T>(Name, features, labels), Test: null).ToSplit();
    }
}
