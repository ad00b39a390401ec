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

    /// <summary>1,497 samples to train on and 300 to test on (<see cref="HoldOut"/>), of shape [64],
    /// row-major, whole numbers from 0 to 16 as in the published files.</summary>
    public static DataSplit<T> Load<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Find<T>().ToSplit();

    /// <summary>All samples, and their labels.</summary>
    public static FoundData<T> Find<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = typeof(EmbeddedDigits).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing from the assembly");
        using var input = DataFile.Decompress(Name, stream);
        var (features, labels) = CsvFile.Read<T>(input);
        return new FoundData<T>(Name, new FoundPart<T>(Name, features, FoundTarget.Of(Name, labels)), Test: null);
    }
}
