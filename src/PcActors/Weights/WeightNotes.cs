using PcActors.Data;

namespace PcActors.Weights;

/// <summary>What a file of weights says besides them.</summary>
/// <param name="SaysStandardization">Whether it says what is done to features, be it nothing.</param>
/// <param name="Standardization">What that is; null for nothing, and where it does not say.</param>
/// <param name="ClassNames">The classes' names, in their order; null where it has none.</param>
/// <param name="Outputs">How many numbers a built-in network with these weights predicts for a sample; 0 where they are
/// none of such a one.</param>
internal sealed record WeightNotes(
    bool SaysStandardization, Standardization? Standardization, IReadOnlyList<string>? ClassNames, int Outputs)
{
    /// <summary>The parameter that has an element for each output of a built-in network.</summary>
    public const string OutputKey = "output/bias";

    /// <summary>The key of the classes' names, which stand there as JSON.</summary>
    public const string ClassNamesKey = "pcactors.class_names";

    /// <summary>The names in a text.</summary>
    /// <exception cref="DataException">There are none in it.</exception>
    public static IReadOnlyList<string>? NamesIn(string path, string? json)
    {
        try
        {
            return json is null ? null : ClassLabels.ParseNames(json);
        }
        catch (FormatException e)
        {
            throw new DataException(path, $"{ClassNamesKey}: {e.Message}");
        }
    }
}
